namespace Polywire.TestSupport.Faults;

/// <summary>A backplane whose link goes and comes back on order, and which fails, hangs, loses, doubles and exchanges, over any other.</summary>
public sealed class FaultyBackplane : IBackplane
{
    private readonly IBackplane _inner;
    private readonly Lock _gate = new();
    private readonly List<Func<ValueTask>> _outbox = [];
    private bool _isDown;

    /// <summary>Makes one over another.</summary>
    public FaultyBackplane(IBackplane inner)
    {
        _inner = inner;
        inner.LinkChanged += (_, changed) => LinkChanged?.Invoke(this, changed);
    }

    /// <inheritdoc/>
    public event EventHandler<LinkChangedEventArgs>? LinkChanged;

    /// <summary>What goes wrong, by the names of <see cref="IBackplane"/>.</summary>
    public FaultPlan Faults { get; } = new(() => new ClusterNotReachableException());

    /// <summary>What goes wrong where a subscription is given back, by the name of <see cref="IAsyncDisposable.DisposeAsync"/>.</summary>
    public FaultPlan Disposals { get; } = new(() => new ClusterNotReachableException());

    /// <summary>What becomes of messages that come in.</summary>
    public FaultyDeliveries<BackplaneMessage> Deliveries { get; } = new();

    /// <inheritdoc/>
    public bool IsLinkUp => !_isDown && _inner.IsLinkUp;

    /// <summary>Takes the link down: what comes is lost, what is published waits, everything else fails.</summary>
    public void TakeDown()
    {
        lock (_gate)
        {
            _isDown = true;
        }

        (Faults.IsAway, Deliveries.Drops) = (true, true);
        LinkChanged?.Invoke(this, new LinkChangedEventArgs(isUp: false));
    }

    /// <summary>Brings the link back.</summary>
    /// <param name="sends">Whether what waited is sent; else it is lost.</param>
    public async Task BringBackAsync(bool sends = true)
    {
        (Faults.IsAway, Deliveries.Drops) = (false, false);
        List<Func<ValueTask>> waited;
        lock (_gate)
        {
            _isDown = false;
            waited = [.. _outbox];
            _outbox.Clear();
        }

        foreach (var send in sends ? waited : [])
        {
            await send();
        }

        LinkChanged?.Invoke(this, new LinkChangedEventArgs(isUp: true));
    }

    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(StartAsync), () => _inner.StartAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken) => _inner.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask PublishAsync(BackplaneChannel channel, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isDown)
            {
                _outbox.Add(() => _inner.PublishAsync(channel, type, body, CancellationToken.None));
                return default;
            }
        }

        return Faults.RunAsync(nameof(PublishAsync), () => _inner.PublishAsync(channel, type, body, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(
        BackplaneChannel channel, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        Faults.RunAsync<IAsyncDisposable>(
            nameof(SubscribeAsync),
            async () => new Subscription(this, await _inner.SubscribeAsync(channel, Deliveries.Over(handler), cancellationToken)),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BackplaneReply> AskAsync(BackplaneQuestion question, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(AskAsync), () => _inner.AskAsync(question, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> RespondAsync(
        string method,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(RespondAsync), () => _inner.RespondAsync(method, handler, cancellationToken), cancellationToken);

    private sealed class Subscription(FaultyBackplane backplane, IAsyncDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => backplane.Disposals.RunAsync(nameof(DisposeAsync), inner.DisposeAsync, CancellationToken.None);
    }
}
