using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Cluster;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Json;

namespace Polywire.Rooms;

/// <summary>The rooms of this node (core.md 7): what <see cref="IRooms"/> promises, put together from its parts.</summary>
/// <remarks>
/// The store knows the members of all nodes; what is kept here is who of them is connected to this node, so that a broadcast
/// walks its receivers and nobody else. Local members are handed a message directly, other nodes get it over the backplane.
/// </remarks>
internal sealed partial class RoomService : IRooms, ILocalRooms, IDisposable
{
    private readonly IRoomStore _store;
    private readonly IBackplane _backplane;
    private readonly ErrorCatalog _texts;
    private readonly TimeProvider _time;
    private readonly ILogger<RoomService> _logger;
    private readonly PolywireOptions _options;
    private readonly LocalRooms _local;
    private readonly RoomMiddlewareChain _middleware;
    private readonly RoomDelivery _delivery;
    private readonly RoomHistory _history;
    private readonly RoomTraffic _traffic;
    private readonly RoomMembership _membership;
    private readonly RoomSaying _saying;
    private readonly RoomPeers _peers;
    private readonly SerialQueue<bool> _announcements;
    private readonly SemaphoreSlim _creating = new(1, 1);

    public RoomService(
        IRoomStore store,
        IRoomLog log,
        IBackplane backplane,
        ConnectionRegistry connections,
        PolywireJson json,
        ErrorCatalog texts,
        PolywireMetrics metrics,
        TimeProvider time,
        IOptions<PolywireOptions> options,
        RoomLogRules rules,
        IEnumerable<RoomMiddlewareRegistration> middleware,
        IServiceProvider services,
        ILogger<RoomService> logger)
    {
        _store = store;
        _backplane = backplane;
        _texts = texts;
        _time = time;
        _logger = logger;
        _options = options.Value;
        var encoding = new RoomMessageJson(json);
        _middleware = new RoomMiddlewareChain(middleware, services, EndingStep.LimitOf(_options), time, logger);
        _local = new LocalRooms(room => _traffic!.SubscribeAsync(room), logger);
        _delivery = new RoomDelivery(_local, _middleware, encoding, metrics, logger);
        _history = new RoomHistory(rules, log, _delivery, logger);
        _traffic = new RoomTraffic(backplane, _history, _delivery, logger) { OnDestroyed = EmptyAsync };
        _membership = new RoomMembership(store, _local, _middleware, texts, time, _options, logger);
        _saying = new RoomSaying(_middleware, encoding, _history, _delivery, _traffic, texts, time);
        _peers = new RoomPeers(backplane, connections, _membership, texts);
        _announcements = new SerialQueue<bool>(AnnounceAsync, capacity: 1, failure => Log.AnnounceFailed(_logger, failure));
    }

    IReadOnlyCollection<string> ILocalRooms.StartingRooms => [.. _options.StartingRooms];

    IReadOnlyCollection<string> ILocalRooms.Rooms => _local.Names;

    /// <summary>Enters the cluster, if there is one, and creates the starting rooms; called once, before any transport listens (cluster.md NO-8).</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // One that cannot be made stops the start rather than a client's request.
        _ = _middleware.Steps;
        await _store.StartAsync(this, cancellationToken);
        await _backplane.StartAsync(cancellationToken);
        _backplane.LinkChanged += OnLinkChanged;
        await _peers.StartAsync(cancellationToken);
        foreach (var room in _options.StartingRooms)
        {
            await CreateWithinLimitAsync(room, cancellationToken);
        }
    }

    /// <summary>Leaves the cluster; called once, when the transports have ended (cluster.md NO-10).</summary>
    public async Task StopAsync()
    {
        _backplane.LinkChanged -= OnLinkChanged;
        _announcements.Stop();
        var limit = EndingStep.LimitOf(_options);
        await EndAsync(_store.StopAsync(CancellationToken.None), limit);
        await EndAsync(new ValueTask(_local.SilenceAsync()), limit);
        await EndAsync(_peers.StopAsync(), limit);
        await EndAsync(_backplane.StopAsync(CancellationToken.None), limit);
    }

    public void Dispose() => _creating.Dispose();

    public async ValueTask SayAsync<T>(string room, T message, CancellationToken cancellationToken = default) =>
        Refuse(await TrySayAsync(null, room, message, cancellationToken));

    public async ValueTask SayAsync<T>(string room, T message, Connection from, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        Refuse(await TrySayAsync(from, room, message, cancellationToken));
    }

    /// <inheritdoc cref="RoomSaying.TrySayAsync"/>
    public ValueTask<string?> TrySayAsync(Connection? sender, string room, object? message, CancellationToken cancellationToken) =>
        _saying.TrySayAsync(sender, room, message, cancellationToken);

    public async ValueTask AddAsync(Connection connection, string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Refuse(await TryAddAsync(connection, room, cancellationToken));
    }

    public async ValueTask AddAsync(string connectionId, string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionId);
        Refuse(await _peers.ChangeAsync(connectionId, room, join: true, cancellationToken));
    }

    public async ValueTask RemoveAsync(Connection connection, string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Refuse(await TryRemoveAsync(connection, room, cancellationToken));
    }

    public async ValueTask RemoveAsync(string connectionId, string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionId);
        Refuse(await _peers.ChangeAsync(connectionId, room, join: false, cancellationToken));
    }

    /// <inheritdoc cref="RoomMembership.TryAddAsync"/>
    public ValueTask<string?> TryAddAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        _membership.TryAddAsync(connection, room, cancellationToken);

    /// <inheritdoc cref="RoomMembership.TryRemoveAsync"/>
    public ValueTask<string?> TryRemoveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        _membership.TryRemoveAsync(connection, room, cancellationToken);

    /// <inheritdoc cref="RoomMembership.LeaveAllAsync"/>
    public ValueTask LeaveAllAsync(Connection connection) => _membership.LeaveAllAsync(connection);

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        return CreateWithinLimitAsync(room, cancellationToken);
    }

    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _store.ExistsAsync(room, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await _store.RoomsAsync(cancellationToken)).Order(StringComparer.Ordinal)];

    public async ValueTask<RoomStatus> StatusAsync(string room, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(room))
        {
            throw new ActionException(_texts.RoomRequired);
        }

        var stored = await _store.MembersAsync(room, cancellationToken) ?? throw new ActionException(_texts.RoomDoesNotExist);
        var members = new Dictionary<string, RoomMember>(stored.Count, StringComparer.Ordinal);
        foreach (var member in stored)
        {
            members[member.Id] = new RoomMember { Id = member.Id, JoinedAt = member.JoinedAt };
        }

        return new RoomStatus { Room = room, Members = members, MembersCount = members.Count };
    }

    /// <remarks>
    /// The text and the end go over one channel, so that no node hears the end first. Whoever joins before the store has removed the room has a lower
    /// generation and goes; whoever joins one made anew has a higher one and stays (cluster.md NO-26).
    /// </remarks>
    public async ValueTask DestroyAsync(string room, CancellationToken cancellationToken = default)
    {
        if (!await _store.ExistsAsync(room, cancellationToken))
        {
            throw new ActionException(_texts.RoomDoesNotExist);
        }

        await SayAsync(room, _texts.RoomHasBeenDeleted, cancellationToken);
        var generation = await _store.RemoveAsync(room, cancellationToken) ?? throw new ActionException(_texts.RoomDoesNotExist);
        _traffic.PublishDestroyed(room, generation);
        await _history.DestroyAsync(room, CancellationToken.None);
        await EmptyAsync(room, generation);
    }

    IReadOnlyList<LocalMember> ILocalRooms.MembersOf(string room) => _local.Find(room)?.Members() ?? [];

    void ILocalRooms.Announced(string room, IReadOnlyList<string> members, long generation) => _local.Find(room)?.Announced(members, generation);

    async ValueTask ILocalRooms.RoomGoneAsync(string room, long generation, CancellationToken cancellationToken)
    {
        if (_local.Find(room)?.Below(generation) is { Count: > 0 } gone)
        {
            var text = new RoomMessage { Room = room, Message = _texts.RoomHasBeenDeleted, SentAt = _time.GetUtcNow() };
            await _delivery.DeliverToAsync(gone, text, cancellationToken);
            await _membership.EmptyAsync(room, generation);
        }
    }

    private static void Refuse(string? error)
    {
        if (error is not null)
        {
            throw new ActionException(error);
        }
    }

    // One at a time, so that those of this node do not pass the limit together.
    private async ValueTask<bool> CreateWithinLimitAsync(string room, CancellationToken cancellationToken)
    {
        if (room.Length > _options.MaxRoomNameLength)
        {
            throw new ActionException(_texts.RoomNameTooLong(_options.MaxRoomNameLength));
        }

        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (await _store.CountAsync(cancellationToken) >= _options.MaxRooms)
            {
                return await _store.ExistsAsync(room, cancellationToken) ? false : throw new ActionException(_texts.TooManyRoomsExist(_options.MaxRooms));
            }

            // Before the room can be joined.
            await _history.BeginAsync(room, cancellationToken);
            return await _store.CreateAsync(room, cancellationToken);
        }
        finally
        {
            _creating.Release();
        }
    }

    private async ValueTask EmptyAsync(string room, long generation)
    {
        // What was said before the end is delivered before it; a log that does not tell of its end keeps nobody in the room.
        await EndAsync(new ValueTask(_history.EndAsync(room)), TimeSpan.FromSeconds(1));
        await _membership.EmptyAsync(room, generation);
    }

    private void OnLinkChanged(object? sender, LinkChangedEventArgs changed)
    {
        if (changed.IsUp)
        {
            _announcements.Add(true);
        }
    }

    private async ValueTask AnnounceAsync(bool isUp, CancellationToken cancellationToken)
    {
        await _store.AnnounceAsync(cancellationToken);
        await _history.CatchUpAsync();
    }

    private async ValueTask EndAsync(ValueTask step, TimeSpan limit)
    {
        try
        {
            await step.WithinAsync(limit, _time);
        }
        catch (Exception exception)
        {
            Log.EndFailed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AnnounceFailed, LogLevel.Warning, "The members of this node could not be announced to the room store")]
        public static partial void AnnounceFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventIds.ClusterEndFailed, LogLevel.Warning, "A step towards the end of the cluster's part failed or took too long; it goes on without")]
        public static partial void EndFailed(ILogger logger, Exception exception);
    }
}
