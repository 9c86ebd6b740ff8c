#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>An account of an <see cref="InputBudget"/>.</summary>
internal sealed class InputAccount : IInputAccount
{
    private readonly InputBudget _budget;
    private long _held;

    // Written by the reader while nothing is awaited, the number last: the sweep takes them only if it was the same before and after.
    private int _message;
    private bool _isAwaiting;
    private bool _isBetween = true;
    private long _progress;
    private long _since;
    private long _base;

    // The stretch of that message which the sweep looks at, after the first.
    private int _sweptMessage;
    private long _sweptSince;
    private long _sweptBase;

    public InputAccount(InputBudget budget, IInputHolder holder) => (_budget, Holder) = (budget, holder);

    public IInputHolder Holder { get; }

    /// <summary>Bytes held, as last reported.</summary>
    public long Held => Volatile.Read(ref _held) + Holder.OtherBytes;

    /// <summary>What is charged. Written under the budget's lock, as all that follows.</summary>
    public long Charged { get; set; }

    /// <summary>The older of two that hold the same ends first.</summary>
    public long Number { get; set; }

    /// <summary>Where it stands in the heap; -1 if not there.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Why it has been told to end.</summary>
    public InputEndCause Ending { get; set; }

    public bool IsClosed { get; set; }

    public InputAccount? Previous { get; set; }

    public InputAccount? Next { get; set; }

    public void Report(long held)
    {
        Volatile.Write(ref _held, held);
        Settle();
    }

    public void Settle()
    {
        if (InputBudget.ChargeFor(Held) != Charged)
        {
            _budget.Charge(this);
        }
    }

    public void Await(long progress, bool isNew)
    {
        Volatile.Write(ref _isAwaiting, false);
        if (progress == 0)
        {
            _isBetween = true;
            return;
        }

        Volatile.Write(ref _progress, progress);
        if (isNew || _isBetween)
        {
            _isBetween = false;
            Volatile.Write(ref _since, _budget.Time.GetTimestamp());
            Volatile.Write(ref _base, progress);
            Volatile.Write(ref _message, _message + 1);
        }

        Volatile.Write(ref _isAwaiting, true);
    }

    public void Resume() => Volatile.Write(ref _isAwaiting, false);

    public void Close() => _budget.Close(this);

    /// <summary>Whether the message that is awaited has not got on in time. Called by the sweep alone.</summary>
    public bool IsStalled(long now, InputLimits limits, TimeProvider time)
    {
        if (!Volatile.Read(ref _isAwaiting))
        {
            return false;
        }

        var message = Volatile.Read(ref _message);
        var isFirstStretch = message != _sweptMessage;
        var since = isFirstStretch ? Volatile.Read(ref _since) : _sweptSince;
        var before = isFirstStretch ? Volatile.Read(ref _base) : _sweptBase;
        var progress = Volatile.Read(ref _progress);
        if (message != Volatile.Read(ref _message)
            || !Volatile.Read(ref _isAwaiting)
            || time.GetElapsedTime(since, now) < limits.MessageTimeout)
        {
            return false;
        }

        (_sweptMessage, _sweptSince, _sweptBase) = (message, now, progress);
        return progress - before < limits.LeastProgress;
    }
}
