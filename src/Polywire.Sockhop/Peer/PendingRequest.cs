using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>A request that waits for its reply. Whoever takes it out of its table settles it.</summary>
internal abstract class PendingRequest : WorkItem
{
    private Connection? _sentOn;
    private CancellationTokenRegistration _cancellation;

    public long Number { get; set; }

    /// <summary>When it expires, as a timestamp of the table's clock; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; }

    public RequestTable? Table { get; set; }

    /// <summary>What was sent, where it may have to be sent again.</summary>
    public KeptRequest? Kept { get; set; }

    /// <summary>The connection it was last sent on, so that it is sent on each one once.</summary>
    public Connection? SentOn
    {
        get => _sentOn;
        set => _sentOn = value;
    }

    /// <summary>Whether it has yet to be sent on a connection; asked once for each.</summary>
    public bool ClaimFor(Connection connection) => !ReferenceEquals(Interlocked.Exchange(ref _sentOn, connection), connection);

    /// <summary>Ends with it, one way or the other.</summary>
    public abstract Task Ended { get; }

    /// <summary>Reads the reply; by the reader, who then lets it take its turn.</summary>
    /// <returns>Whether it could be read.</returns>
    public abstract bool Accept(Connection connection, in Frame frame);

    /// <summary>Makes it fail when its turn comes.</summary>
    public abstract void SetError(Exception error);

    public abstract void SetCanceled(CancellationToken cancellationToken);

    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (request, token) => ((PendingRequest)request!).Cancel(token), this);
        }
    }

    public override void Run()
    {
        // Not waited for: the callback has nothing left to take.
        _cancellation.Unregister();
        Settle();
    }

    /// <summary>Lets the code that waits go on.</summary>
    protected abstract void Settle();

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Table!.TryRemove(this))
        {
            SetCanceled(cancellationToken);
            ThreadPool.UnsafeQueueUserWorkItem(static request => request.Settle(), this, preferLocal: false);
        }
    }
}
