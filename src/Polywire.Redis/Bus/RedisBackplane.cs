using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Bus;

/// <summary>The backplane on Redis: channels for all nodes, for each room, and for each node (cluster.md NO-46 to NO-51). Safe to use concurrently.</summary>
internal sealed class RedisBackplane : IBackplane, IDisposable
{
    private readonly RedisLink _link;
    private readonly LinkHealth _health;
    private readonly NodeLease _lease;
    private readonly Peers _peers;
    private readonly NodeIdentity _node;
    private readonly ILogger<RedisBackplane> _logger;
    private readonly BusPublisher _publisher;
    private readonly BusSubscriptions _subscriptions;
    private readonly BusQuestions _questions;
    private readonly BusResponders _responders;
    private readonly BusPulse _pulse;
    private readonly CancellationTokenSource _end = new();
    private bool _hangs;
    private int _greetings;
    private bool _isStarted;
    private bool _isDisposed;

    public RedisBackplane(
        RedisLink link, LinkHealth health, NodeLease lease, Peers peers, NodeIdentity node, RedisMetrics failures, BusMetrics metrics, TimeProvider time, ILogger<RedisBackplane> logger)
    {
        (_link, _health, _lease, _peers, _node, _logger) = (link, health, lease, peers, node, logger);
        _publisher = new BusPublisher(link, health, node, failures, metrics, time);
        _questions = new BusQuestions(_publisher, peers, health, node, link.Options, metrics, time);
        _responders = new BusResponders(_publisher, metrics, time, logger);
        _pulse = new BusPulse(_publisher, health, node, link.Options.Timeout, time);
        var receiver = new BusReceiver(node, link.Options.Secret, metrics, logger)
        {
            Questions = _questions, Responders = _responders, Pulse = _pulse, Greeted = OnGreeted,
        };
        _subscriptions = new BusSubscriptions(link, health, metrics, receiver.Receive, time, logger);
    }

    public event EventHandler<LinkChangedEventArgs>? LinkChanged;

    /// <summary>Something was said in a room here, or a room destroyed: for a bridge to another kind of node. Raised in the call that publishes it; handlers do not block.</summary>
    public event Action<string, BusType, ReadOnlyMemory<byte>>? Published;

    public bool IsLinkUp => _health.IsUp;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _subscriptions.KeepAsync(BusAddress.Node(_node.Id), cancellationToken);
        await _subscriptions.KeepAsync(BusAddress.All, cancellationToken);
        _isStarted = true;
        _peers.Gone += OnGone;
        _health.Changed += OnLinkChanged;
        _health.Start(HealAsync, _publisher.GoLive);
        _lease.AfterBeat(AfterBeatAsync);
        await _peers.RefreshAsync(cancellationToken);
        await _publisher.SendAsync(BusAddress.All, BusType.Hello, string.Empty, BusBody.Empty, cancellationToken);
    }

    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            return;
        }

        _isStarted = false;
        _health.Changed -= OnLinkChanged;
        _peers.Gone -= OnGone;
        _pulse.End();
        _responders.End();
        _questions.FailAll();
        try
        {
            await _publisher.SendAsync(BusAddress.All, BusType.Bye, string.Empty, BusBody.Empty, cancellationToken);
        }
        catch (ClusterNotReachableException)
        {
            // The others see it when the lease has ended.
        }

        await _subscriptions.EndAsync();
        await _end.CancelAsync();
    }

    public ValueTask PublishAsync(BackplaneChannel channel, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var to = BusAddress.Of(channel);
        if (!BusTypes.TryParse(type, out var known) || !BusTypes.IsAllowed(known, to.Kind))
        {
            throw new ArgumentException($"Other nodes would pass over \"{type}\" on this channel.", nameof(type));
        }

        _publisher.Publish(to, known, body.Span);
        if (channel.RoomName is { } room)
        {
            // It is said, whatever a bridge makes of it.
            LastCatch.Run((Backplane: this, Room: room, Type: known, Body: body), static said => said.Backplane.Published?.Invoke(said.Room, said.Type, said.Body), _logger);
        }

        return default;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        BackplaneChannel channel, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        _subscriptions.AddAsync(BusAddress.Of(channel), handler, cancellationToken);

    public ValueTask<BackplaneReply> AskAsync(BackplaneQuestion question, CancellationToken cancellationToken) =>
        _questions.AskAsync(question, cancellationToken);

    public ValueTask<IAsyncDisposable> RespondAsync(
        string method,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken) =>
        new(_responders.Add(method, handler));

    /// <summary>Hands what was said elsewhere to those who listen to a room here, as if a node of ours had published it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="node">Who it comes from.</param>
    /// <param name="body">As clients get it.</param>
    /// <returns>False where nobody listens.</returns>
    public bool Inject(string room, string node, ReadOnlyMemory<byte> body) =>
        _subscriptions.Deliver(
            BusAddress.Of(BackplaneChannel.Room(room)), new BackplaneMessage { Node = node, Type = BusTypes.NameOf(BusType.Say), Body = body });

    public void Dispose()
    {
        // Registered under two names, and so disposed of twice.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _end.Cancel();
        _end.Dispose();
        _pulse.Dispose();
        _responders.Dispose();
    }

    // First all subscriptions, then a beat (cluster.md NO-34); and whether this node hears is tried, not trusted.
    private async Task HealAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            throw new OperationCanceledException("The node has left.");
        }

        if (_pulse.IsDeaf)
        {
            (_pulse.IsDeaf, _hangs) = (false, true);
        }

        if (_hangs && _link.IsConnected)
        {
            await _link.ReplaceAsync(cancellationToken);
        }

        _hangs = false;
        try
        {
            await _subscriptions.SubscribeAgainAsync(cancellationToken);
            await _lease.BeatAsync(cancellationToken);
            await _pulse.CheckAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException || exception.InnerException is TimeoutException)
        {
            // A connection that says that it is there and answers nothing is of no use.
            _hangs = _link.IsConnected;
            throw;
        }
    }

    // Who is alive is looked up with each beat where rooms are swept.
    private Task AfterBeatAsync(CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            _pulse.Beat();
        }

        return Task.CompletedTask;
    }

    private void OnGone(PeerTable now)
    {
        _subscriptions.Forget(now);
        _questions.Narrow(now);
    }

    private void OnGreeted()
    {
        // One look sees all who have come until it begins; more than one that waits for its turn would see the same.
        if (Interlocked.Increment(ref _greetings) == 1)
        {
            _ = RefreshAsync();
        }
    }

    private async Task RefreshAsync()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _greetings);
            try
            {
                await _peers.RefreshAsync(_end.Token);
            }
            catch (Exception exception) when (exception is ClusterNotReachableException or OperationCanceledException or ObjectDisposedException)
            {
                // The next beat looks again.
            }
            catch (Exception exception)
            {
                LastCatch.Tell(exception, _logger);
            }
        }
        while (Interlocked.CompareExchange(ref _greetings, 0, seen) != seen);
    }

    private void OnLinkChanged(bool isUp)
    {
        if (!isUp)
        {
            _questions.FailAll();
        }

        LastCatch.Run((Backplane: this, IsUp: isUp), static state => state.Backplane.LinkChanged?.Invoke(state.Backplane, new LinkChangedEventArgs(state.IsUp)), _logger);
        if (isUp)
        {
            _publisher.Publish(BusAddress.All, BusType.Hello, BusBody.Empty);
        }
    }
}
