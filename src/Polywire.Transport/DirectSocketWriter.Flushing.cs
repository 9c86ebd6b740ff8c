using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Polywire.Transport;

/// <content>What a flush waits for, and who waits.</content>
internal sealed partial class DirectSocketWriter : IValueTaskSource<FlushResult>
{
    private ManualResetValueTaskSourceCore<bool> _wait;

    // Under the lock.
    private bool _flushPending;
    private bool _flushCanceled;

    /// <inheritdoc/>
    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _wait.GetResult(token);
        lock (_connection.Gate)
        {
            return Outcome();
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private ValueTask<FlushResult> Finish(CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush;
        lock (_connection.Gate)
        {
            if (!_borrowed && (_dead || (_next.IsEmpty && (_unsent < PauseBytes || _flushCanceled))))
            {
                return new ValueTask<FlushResult>(Outcome());
            }

            ThrowIfFlushPending();

            _wait.Reset();
            _wait.RunContinuationsAsynchronously = false;
            _flushPending = true;
            flush = new ValueTask<FlushResult>(this, _wait.Version);
        }

        return cancellationToken.CanBeCanceled ? WithTokenAsync(flush, cancellationToken) : flush;
    }

    private async ValueTask<FlushResult> WithTokenAsync(ValueTask<FlushResult> flush, CancellationToken cancellationToken)
    {
        FlushResult result;
        using (cancellationToken.UnsafeRegister(static writer => ((DirectSocketWriter)writer!).Cancel(onlyPending: true), this))
        {
            result = await flush;
        }

        if (result.IsCanceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return result;
    }

    private void Cancel(bool onlyPending)
    {
        lock (_connection.Gate)
        {
            _flushCanceled |= _flushPending || !onlyPending;
            if (!_flushPending || _borrowed || !_next.IsEmpty)
            {
                return;
            }

            _flushPending = false;
        }

        WakeElsewhere();
    }

    // Under the lock.
    private void ThrowIfFlushPending()
    {
        if (_flushPending)
        {
            throw new InvalidOperationException("Another flush is pending.");
        }
    }

    // Under the lock.
    private FlushResult Outcome()
    {
        var canceled = _flushCanceled;
        _flushCanceled = false;
        return new FlushResult(canceled, _dead);
    }

    private void WakeElsewhere()
    {
        _wait.RunContinuationsAsynchronously = true;
        _wait.SetResult(true);
    }
}
