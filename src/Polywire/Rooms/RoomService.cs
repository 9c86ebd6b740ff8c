using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Cluster;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Json;

namespace Polywire.Rooms;

/// <summary>Membership and broadcast (core.md 7).</summary>
/// <remarks>
/// The presence store knows the members of all nodes; what is kept here is who of them is connected to this node, so that a broadcast
/// walks its receivers and nobody else. Local members are handed a message directly, other nodes get it over the backplane.
/// </remarks>
internal sealed partial class RoomService : IRooms, IDisposable
{
    private readonly ConcurrentDictionary<string, RoomMembers> _local = new(StringComparer.Ordinal);
    private readonly IPresenceStore _presence;
    private readonly IBackplane _backplane;
    private readonly ConnectionRegistry _connections;
    private readonly NodeIdentity _node;
    private readonly PolywireJson _json;
    private readonly ErrorCatalog _texts;
    private readonly PolywireMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RoomService> _logger;
    private readonly Lazy<IRoomMiddleware[]> _middleware;
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly int _maxRooms;
    private readonly int _maxName;
    private readonly int _maxCreated;
    private readonly TimeSpan _leaveLimit;

    public RoomService(
        IPresenceStore presence,
        IBackplane backplane,
        ConnectionRegistry connections,
        NodeIdentity node,
        PolywireJson json,
        ErrorCatalog texts,
        PolywireMetrics metrics,
        TimeProvider time,
        IOptions<PolywireOptions> options,
        IEnumerable<RoomMiddlewareRegistration> middleware,
        IServiceProvider services,
        ILogger<RoomService> logger)
    {
        _presence = presence;
        _backplane = backplane;
        _connections = connections;
        _node = node;
        _json = json;
        _texts = texts;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _maxRooms = options.Value.MaxRoomsPerConnection;
        _maxName = options.Value.MaxRoomNameLength;
        _maxCreated = options.Value.MaxRooms;
        _leaveLimit = EndingStep.LimitOf(options.Value);

        // Made when first needed: a middleware that speaks in rooms needs this service.
        _middleware = new Lazy<IRoomMiddleware[]>(
            () => [.. middleware.OrderBy(registration => registration.Order).Select(registration => registration.Resolve(services))]);
    }

    public void Dispose() => _creating.Dispose();

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        return CreateWithinLimitAsync(room, cancellationToken);
    }

    // One at a time, so that those of this node do not pass the limit together.
    private async ValueTask<bool> CreateWithinLimitAsync(string room, CancellationToken cancellationToken)
    {
        if (room.Length > _maxName)
        {
            throw new ActionException(_texts.RoomNameTooLong(_maxName));
        }

        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (await _presence.CountAsync(cancellationToken) < _maxCreated)
            {
                return await _presence.CreateAsync(room, cancellationToken);
            }

            return await _presence.ExistsAsync(room, cancellationToken) ? false : throw new ActionException(_texts.TooManyRoomsExist(_maxCreated));
        }
        finally
        {
            _creating.Release();
        }
    }

    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _presence.ExistsAsync(room, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await _presence.RoomsAsync(cancellationToken)).Order(StringComparer.Ordinal)];

    public async ValueTask DestroyAsync(string room, CancellationToken cancellationToken = default)
    {
        if (!await _presence.ExistsAsync(room, cancellationToken))
        {
            throw new ActionException(_texts.RoomDoesNotExist);
        }

        await SayAsync(room, _texts.RoomHasBeenDeleted, cancellationToken);
        await EmptyAsync(room);
        await _presence.RemoveAsync(room, cancellationToken);

        // Once more, for who joined meanwhile; from here on the store takes nobody.
        await EmptyAsync(room);
        await PublishDestroyedAsync(room, cancellationToken);
    }

    public async ValueTask<RoomStatus> StatusAsync(string room, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(room))
        {
            throw new ActionException(_texts.RoomRequired);
        }

        if (!await _presence.ExistsAsync(room, cancellationToken))
        {
            throw new ActionException(_texts.RoomDoesNotExist);
        }

        var stored = await _presence.MembersAsync(room, cancellationToken);
        var members = new Dictionary<string, RoomMember>(stored.Count, StringComparer.Ordinal);
        foreach (var (id, details) in stored)
        {
            var member = JsonSerializer.Deserialize(details.Span, RoomsJson.Default.StoredMember);
            members.Add(id, new RoomMember { Id = id, JoinedAt = member!.JoinedAt });
        }

        return new RoomStatus { Room = room, Members = members, MembersCount = members.Count };
    }

    public async ValueTask AddAsync(Connection connection, string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (await TryAddAsync(connection, room, cancellationToken) is { } error)
        {
            throw new ActionException(error);
        }
    }

    public async ValueTask RemoveAsync(Connection connection, string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (await TryRemoveAsync(connection, room, cancellationToken) is { } error)
        {
            throw new ActionException(error);
        }
    }

    /// <summary>Makes a connection a member, in the order of core.md R-5.</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="ActionException">A middleware refused it.</exception>
    public async ValueTask<string?> TryAddAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (connection.Transport == Transports.Web)
        {
            // It is gone when the request has been answered, and nobody could push to it.
            return _texts.CannotBeInRooms(connection.Type);
        }

        if (connection.IsIn(room))
        {
            return _texts.ConnectionAlreadyInRoom(room);
        }

        if (string.IsNullOrEmpty(room) || !await _presence.ExistsAsync(room, cancellationToken))
        {
            return _texts.RoomDoesNotExist;
        }

        if (connection.RoomCount >= _maxRooms)
        {
            return _texts.TooManyRooms;
        }

        foreach (var step in _middleware.Value)
        {
            await step.JoinAsync(connection, room, cancellationToken);
        }

        switch (connection.TryAddRoom(room, _maxRooms))
        {
            case RoomJoin.AlreadyIn:
                return _texts.ConnectionAlreadyInRoom(room);
            case RoomJoin.TooMany:
                return _texts.TooManyRooms;
            case RoomJoin.Closed:
                // The middleware has seen it come, so it sees it go (core.md R-25).
                await RunLeaveAsync(connection, room);
                return _texts.ConnectionNotFound;
        }

        try
        {
            if (!await StoreAsync(connection, room, cancellationToken))
            {
                await LeaveAsync(connection, room);
                return _texts.RoomDoesNotExist;
            }
        }
        catch
        {
            await LeaveAsync(connection, room);
            throw;
        }

        if (!connection.IsIn(room))
        {
            // It left while it joined, and whoever took it out may have looked before the membership was stored (core.md R-25).
            await ForgetEverywhereAsync(connection, room);
        }

        return connection.IsClosed ? _texts.ConnectionNotFound : null;
    }

    /// <summary>Takes a member out, in the order of core.md R-6.</summary>
    /// <inheritdoc cref="TryAddAsync"/>
    public async ValueTask<string?> TryRemoveAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (!connection.IsIn(room))
        {
            return _texts.ConnectionNotInRoom(room);
        }

        if (!await _presence.ExistsAsync(room, cancellationToken))
        {
            return _texts.RoomDoesNotExist;
        }

        foreach (var step in _middleware.Value)
        {
            await step.LeaveAsync(connection, room, cancellationToken);
        }

        await ForgetAsync(connection, room);
        await _presence.LeaveAsync(room, connection.Id, cancellationToken);
        return null;
    }

    /// <summary>Takes a connection that is gone out of all its rooms; nobody can refuse.</summary>
    public async ValueTask LeaveAllAsync(Connection connection)
    {
        if (connection.RoomCount == 0)
        {
            return;
        }

        foreach (var room in connection.Rooms)
        {
            await LeaveAsync(connection, room);
        }
    }

    private async ValueTask<bool> StoreAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        await AddLocalAsync(connection, room, cancellationToken);
        var details = JsonSerializer.SerializeToUtf8Bytes(
            new StoredMember(connection.Id, _time.GetUtcNow(), _node.Id), RoomsJson.Default.StoredMember);
        return await _presence.JoinAsync(room, connection.Id, details, cancellationToken);
    }

    // The members of this node leave a room that goes away.
    private async ValueTask EmptyAsync(string room)
    {
        if (!_local.TryGetValue(room, out var members))
        {
            return;
        }

        foreach (var connection in members.Snapshot())
        {
            await RunLeaveAsync(connection, room);
            await ForgetAsync(connection, room);
        }
    }

    private async ValueTask LeaveAsync(Connection connection, string room)
    {
        await RunLeaveAsync(connection, room);
        await ForgetEverywhereAsync(connection, room);
    }

    // Of a leaving that nobody can refuse.
    private async ValueTask RunLeaveAsync(Connection connection, string room)
    {
        foreach (var step in _middleware.Value)
        {
            try
            {
                await step.LeaveAsync(connection, room, CancellationToken.None).WithinAsync(_leaveLimit, _time);
            }
            catch (Exception exception)
            {
                Log.LeaveFailed(_logger, exception, LogText.OneLine(room, LogText.NameLength));
            }
        }
    }

    private async ValueTask ForgetEverywhereAsync(Connection connection, string room)
    {
        await ForgetAsync(connection, room);
        try
        {
            await _presence.LeaveAsync(room, connection.Id, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The store is to sweep what is left there; the connection has to get out of everything else.
            Log.PresenceFailed(_logger, exception, LogText.OneLine(room, LogText.NameLength));
        }
    }

    // A node hears a room from its first member on until its last (core.md R-21).
    private async ValueTask AddLocalAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        Task<IAsyncDisposable>? subscribed;
        do
        {
            subscribed = _local.GetOrAdd(room, static _ => new RoomMembers()).TryAdd(connection, () => SubscribeAsync(room));
        }
        while (subscribed is null);

        await subscribed.WaitAsync(cancellationToken);
    }

    private async ValueTask ForgetAsync(Connection connection, string room)
    {
        connection.RemoveRoom(room);
        if (_local.TryGetValue(room, out var members) && members.Remove(connection, out var subscription))
        {
            _local.TryRemove(new KeyValuePair<string, RoomMembers>(room, members));
            await GiveBackAsync(subscription);
        }
    }

    private async ValueTask GiveBackAsync(Task<IAsyncDisposable>? subscription)
    {
        if (subscription is null)
        {
            return;
        }

        try
        {
            await (await subscription).DisposeAsync();
        }
        catch (Exception exception)
        {
            Log.BackplaneFailed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RoomLeaveFailed, LogLevel.Warning, "A room middleware failed while a connection left {Room}; it could not be kept")]
        public static partial void LeaveFailed(ILogger logger, Exception exception, string room);

        [LoggerMessage(EventIds.PresenceFailed, LogLevel.Warning, "The presence store failed while a connection left {Room}")]
        public static partial void PresenceFailed(ILogger logger, Exception exception, string room);

        [LoggerMessage(EventIds.BackplaneFailed, LogLevel.Warning, "The backplane failed while a subscription was given back")]
        public static partial void BackplaneFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Warning, "A room middleware failed while a message in {Room} was delivered")]
        public static partial void DeliveryFailed(ILogger logger, Exception exception, string room);
    }
}
