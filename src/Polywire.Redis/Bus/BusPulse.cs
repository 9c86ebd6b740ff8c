using Polywire.Redis.Connection;

namespace Polywire.Redis.Bus;

/// <summary>Asks this node with each beat whether it still hears: a subscription connection that hangs alone is noticed by no command (cluster.md NO-67). Safe to use concurrently.</summary>
internal sealed class BusPulse(BusPublisher publisher, LinkHealth health, NodeIdentity node, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private const int MostMissed = 2;

    private readonly CancellationTokenSource _end = new();
    private TaskCompletionSource _heard = New();
    private Task _watching = Task.CompletedTask;
    private int _missed;

    /// <summary>Whether the link went down because nothing was heard; set back by who heals it.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>A ping came back.</summary>
    public void Heard() => Interlocked.Exchange(ref _heard, New()).TrySetResult();

    /// <summary>Sends a ping and watches for it, without waiting; called with each beat.</summary>
    public void Beat()
    {
        if (_watching.IsCompleted && health.IsUp)
        {
            // Ends with its timeout, and throws nothing.
            _watching = WatchAsync();
        }
    }

    /// <summary>Sends a ping and waits for it.</summary>
    /// <exception cref="ClusterNotReachableException">It could not be sent.</exception>
    /// <exception cref="TimeoutException">It was not heard.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var heard = Volatile.Read(ref _heard).Task;
        await publisher.SendAsync(BusAddress.Node(node.Id), BusType.Ping, string.Empty, BusBody.Empty, cancellationToken);
        await heard.WaitAsync(timeout, time, cancellationToken);
    }

    public void End() => _end.Cancel();

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync()
    {
        try
        {
            await CheckAsync(_end.Token);
            _missed = 0;
        }
        catch (TimeoutException)
        {
            if (++_missed >= MostMissed)
            {
                (_missed, IsDeaf) = (0, true);
                health.Fail("the subscriptions are not heard");
            }
        }
        catch (Exception exception) when (exception is ClusterNotReachableException or OperationCanceledException or ObjectDisposedException)
        {
            // What Redis does not answer is for the beats to tell; or the node stops.
        }
    }
}
