using Microsoft.Extensions.Logging;

namespace Polywire.Diagnostics;

/// <summary>A token that is cancelled when its time is up.</summary>
/// <remarks>
/// The timer of a <see cref="CancellationTokenSource"/> has nobody to whom it could tell what callbacks on the token throw: such an exception
/// ends the process. Here it is logged. Safe to use concurrently.
/// </remarks>
internal sealed class GuardedTimeout : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public GuardedTimeout(TimeSpan limit, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        Token = _source.Token;
        _timer = time.CreateTimer(static timeout => ((GuardedTimeout)timeout!).Cancel(), this, NotNegative(limit), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Can be read after the end too.</summary>
    public CancellationToken Token { get; }

    /// <summary>Begins the time anew; without effect once it was up.</summary>
    public void Restart(TimeSpan limit) => _timer.Change(NotNegative(limit), Timeout.InfiniteTimeSpan);

    /// <summary>Cancels the token now, and runs its callbacks. Does not throw.</summary>
    public void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The timer had fired already when it was disposed of.
        }
        catch (AggregateException exception)
        {
            LastCatch.Tell(exception, _logger);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private static TimeSpan NotNegative(TimeSpan limit) => limit > TimeSpan.Zero ? limit : TimeSpan.Zero;
}
