using System.Text.Json;
using Polywire.Actions;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.Testing;

/// <summary>A client of a <see cref="PolywireTestHost"/>, through the pipeline that every persistent transport uses.</summary>
/// <remarks>
/// Actions may run concurrently, as on a socket; the limit on pending actions counts. Keeps every message it is sent until it is disposed.
/// Safe to use concurrently, but two waits for the next message get different ones.
/// </remarks>
public sealed class TestConnection : IAsyncDisposable
{
    private readonly InProcessConnection _connection;
    private readonly ConnectionServices _services;
    private readonly PolywireJson _json;
    private readonly ActionRegistry _registry;
    private readonly TimeSpan _waitLimit;
    private readonly Lock _gate = new();
    private readonly List<TestMessage> _messages = [];
    private int _taken;

    internal TestConnection(InProcessConnection connection, ConnectionServices services, PolywireJson json, ActionRegistry registry, TimeSpan waitLimit)
    {
        (_connection, _services, _json, _registry, _waitLimit) = (connection, services, json, registry, waitLimit);
    }

    /// <summary>The connection's id: what others see as the sender, and as the member of a room.</summary>
    public string Id => _connection.Id;

    /// <summary>The connection as the application sees it.</summary>
    public Connection Connection => _connection;

    /// <summary>Whether the connection has ended, from either side.</summary>
    public bool IsClosed => _connection.IsClosed;

    /// <summary>Every message so far, oldest first, those that <see cref="NextMessageAsync"/> gave included; a copy.</summary>
    public IReadOnlyList<TestMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                Collect();
                return [.. _messages];
            }
        }
    }

    /// <summary>Runs an action through the whole pipeline.</summary>
    /// <typeparam name="TOutput">The answer's type; <see cref="JsonElement"/> for the answer as it stands.</typeparam>
    /// <param name="name">The action's name; a version goes into the input as <c>apiVersion</c>.</param>
    /// <param name="input">
    /// Serialises to a JSON object: its members are the params, named in camel case unless the action has an input of the member's own name.
    /// <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for the answer; the run goes on.</param>
    /// <exception cref="ActionException">The run failed; status, message and value are those of the answer.</exception>
    /// <exception cref="TimeoutException">It was not answered within <see cref="PolywireTestHostOptions.WaitLimit"/>.</exception>
    public Task<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default) =>
        ActionRunner.RunAsync<TOutput>(_connection, name, input, _json, _registry).AsTask()
            .WithinAsync(_waitLimit, $"action {name} was not answered", cancellationToken);

    /// <summary>Joins a room, as the verb <c>roomAdd</c> does: whatever waits in it is told when the connection ends.</summary>
    /// <param name="room">The room's name.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the verb goes on.</param>
    /// <exception cref="ActionException">It was refused; the message is what a client reads.</exception>
    public Task JoinAsync(string room, CancellationToken cancellationToken = default) =>
        PerformAsync(Verb.RoomAdd, new VerbArguments { Room = room }, $"room {room} was not joined", cancellationToken);

    /// <summary>Leaves a room, as the verb <c>roomLeave</c> does.</summary>
    /// <inheritdoc cref="JoinAsync" path="/exception"/>
    public Task LeaveAsync(string room, CancellationToken cancellationToken = default) =>
        PerformAsync(Verb.RoomLeave, new VerbArguments { Room = room }, $"room {room} was not left", cancellationToken);

    /// <summary>Says something in a room, as the verb <c>say</c> does; the sender hears it too.</summary>
    /// <inheritdoc cref="JoinAsync" path="/exception"/>
    public Task SayAsync(string room, string text, CancellationToken cancellationToken = default) =>
        PerformAsync(Verb.Say, new VerbArguments { Room = room, Words = text }, $"nothing was said in {room}", cancellationToken);

    /// <summary>Tells who is in a room, as the verb <c>roomView</c> does.</summary>
    /// <exception cref="ActionException">The connection is not a member, or there is no such room.</exception>
    public async Task<RoomStatus> RoomViewAsync(string room, CancellationToken cancellationToken = default)
    {
        var reply = await PerformAsync(Verb.RoomView, new VerbArguments { Room = room }, $"room {room} was not shown", cancellationToken).ConfigureAwait(false);
        using var buffer = ResponseBuffer.Rent();
        reply.Data!(buffer.Writer, reply.State);
        buffer.Writer.Flush();
        return JsonSerializer.Deserialize(buffer.WrittenSpan, _json.GetTypeInfo<RoomStatus>())!;
    }

    /// <summary>Waits for the next message that was not given before; one that is there already counts.</summary>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="TimeoutException">There was none within <see cref="PolywireTestHostOptions.WaitLimit"/>.</exception>
    /// <exception cref="InvalidOperationException">The connection has ended, and every message was given.</exception>
    public async Task<TestMessage> NextMessageAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TakeNext() is { } message)
            {
                return message;
            }

            // A wait that found something may find it taken by another wait: then it waits again.
            var more = await _connection.Messages.WaitToReadAsync(cancellationToken).AsTask()
                .WithinAsync(_waitLimit, $"no message came to {Id} after {_taken}", cancellationToken).ConfigureAwait(false);
            if (!more)
            {
                return TakeNext() ?? throw new InvalidOperationException($"The connection has ended, and its {_taken} messages were all given.");
            }
        }
    }

    /// <summary>Ends the connection: out of all rooms and out of the registry. Does nothing where it has ended.</summary>
    /// <param name="reason">What connection middleware is told; that the client closed, by default.</param>
    public Task CloseAsync(CloseReason reason = CloseReason.ClientClosed) => _connection.CloseAsync(reason).AsTask();

    /// <summary>Ends the connection as <see cref="CloseAsync"/> does.</summary>
    public ValueTask DisposeAsync() => _connection.CloseAsync(CloseReason.ClientClosed);

    private Task<VerbReply> PerformAsync(Verb verb, in VerbArguments arguments, string late, CancellationToken cancellationToken)
    {
        return WaitAsync(_services.Verbs.RunAsync(verb, _connection, arguments).AsTask());

        async Task<VerbReply> WaitAsync(Task<VerbReply> work)
        {
            var reply = await work.WithinAsync(_waitLimit, late, cancellationToken).ConfigureAwait(false);
            return reply.Error is null ? reply : throw new ActionException(reply.Error);
        }
    }

    private TestMessage? TakeNext()
    {
        lock (_gate)
        {
            Collect();
            return _taken < _messages.Count ? _messages[_taken++] : null;
        }
    }

    private void Collect()
    {
        while (_connection.Messages.TryRead(out var json))
        {
            _messages.Add(new TestMessage(json, _json));
        }
    }
}
