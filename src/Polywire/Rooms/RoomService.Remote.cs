using System.Text;
using System.Text.Json;
using Polywire.Outbound;

namespace Polywire.Rooms;

internal sealed partial class RoomService
{
    // What another node is asked; one that has the connection answers (core.md ).
    private const string MembershipChannel = "membership";
    private const string DestroyedChannel = "destroyed";
    private static readonly TimeSpan RemoteTimeout = TimeSpan.FromSeconds(5);

    private readonly List<IAsyncDisposable> _listeners = [];

    /// <summary>Begins to answer other nodes; called once, when the host starts.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // One that cannot be made stops the start rather than a client's request.
        _ = _middleware.Value;
        _listeners.Add(await _backplane.RespondAsync(MembershipChannel, _node.Id, AnswerMembershipAsync, cancellationToken));
        _listeners.Add(await _backplane.SubscribeAsync(DestroyedChannel, _node.Id, HearDestroyedAsync, cancellationToken));
    }

    /// <summary>Stops listening to other nodes.</summary>
    public async Task StopAsync()
    {
        foreach (var members in _local.Values)
        {
            await GiveBackAsync(members.Silence());
        }

        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    public ValueTask AddAsync(string connectionId, string room, CancellationToken cancellationToken = default) =>
        ChangeAsync(connectionId, room, join: true, cancellationToken);

    public ValueTask RemoveAsync(string connectionId, string room, CancellationToken cancellationToken = default) =>
        ChangeAsync(connectionId, room, join: false, cancellationToken);

    private async ValueTask ChangeAsync(string connectionId, string room, bool join, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionId);
        string? error;
        if (_connections.Find(connectionId) is { } connection)
        {
            error = join
                ? await TryAddAsync(connection, room, cancellationToken)
                : await TryRemoveAsync(connection, room, cancellationToken);
        }
        else
        {
            var request = JsonSerializer.SerializeToUtf8Bytes(
                new MembershipRequest(connectionId, room, join), RoomsJson.Default.MembershipRequest);
            error = await _backplane.RequestAsync(MembershipChannel, _node.Id, request, RemoteTimeout, cancellationToken) is { } answer
                ? JsonSerializer.Deserialize(answer.Span, RoomsJson.Default.MembershipAnswer)!.Error
                : _texts.ConnectionNotFound;
        }

        if (error is not null)
        {
            throw new ActionException(error);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> AnswerMembershipAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Deserialize(message.Span, RoomsJson.Default.MembershipRequest)!;
        if (_connections.Find(request.Connection) is not { } connection)
        {
            return null;
        }

        string? error;
        try
        {
            error = request.Join
                ? await TryAddAsync(connection, request.Room, cancellationToken)
                : await TryRemoveAsync(connection, request.Room, cancellationToken);
        }
        catch (ActionException refusal)
        {
            error = _texts.TextOf(refusal);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new MembershipAnswer(error), RoomsJson.Default.MembershipAnswer);
    }

    private ValueTask PublishDestroyedAsync(string room, CancellationToken cancellationToken) =>
        _backplane.PublishAsync(DestroyedChannel, _node.Id, Encoding.UTF8.GetBytes(room), cancellationToken);

    private ValueTask HearDestroyedAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        EmptyAsync(Encoding.UTF8.GetString(message.Span));

    // The room's, not the caller's: it outlives the join that came first. Async, so that whatever is thrown is in the task.
    private async Task<IAsyncDisposable> SubscribeAsync(string room) =>
        await _backplane.SubscribeAsync(Channel(room), _node.Id, (message, _) => HearAsync(room, message), CancellationToken.None);

    private ValueTask HearAsync(string room, ReadOnlyMemory<byte> message)
    {
        var broadcast = new BroadcastMessage(message.ToArray());
        if (_middleware.Value.Length > 0)
        {
            return DeliverThroughMiddlewareAsync(Decode(room, message.Span), broadcast, CancellationToken.None);
        }

        DeliverAll(room, broadcast);
        return default;
    }

    // What Encode wrote on the node of the sender.
    private static RoomMessage Decode(string room, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var root = JsonElement.ParseValue(ref reader);
        Dictionary<string, object?>? extra = null;
        foreach (var property in root.EnumerateObject())
        {
            if (!IsOfEveryMessage(property.Name))
            {
                (extra ??= new Dictionary<string, object?>(StringComparer.Ordinal))[property.Name] = property.Value;
            }
        }

        var (message, from) = (root.GetProperty("message"), root.GetProperty("from"));
        return new RoomMessage
        {
            Room = room,
            Message = message.ValueKind == JsonValueKind.String ? message.GetString() : message,
            From = from.ValueKind == JsonValueKind.String ? from.GetString() : null,
            SentAt = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("sentAt").GetInt64()),
            Extra = extra,
        };
    }
}
