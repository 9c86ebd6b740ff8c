#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>
/// Counts what peers make the process hold before anything has run: lines and messages that have not come whole, sticky params, bodies that are
/// being read. Where it is too much, whoever holds most is ended.
/// </summary>
/// <remarks>
/// <para>
/// The first <see cref="FreeBytes"/> of each account are free, and what lies beyond is charged in whole chunks: a peer whose messages come whole
/// never gets here, one with long messages once for every chunk. What those hold that have been told to end counts as leaving, so that nobody else
/// ends in their place. Holders are told with no lock held.
/// </para>
/// <para>A begun message that does not get on is found by a sweep, one timer for all; a sweep that itself comes late judges nobody.</para>
/// </remarks>
#if POLYWIRE_SOCKHOP
internal sealed class InputBudget : IInputBudget, IDisposable
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public sealed class InputBudget : IInputBudget, IDisposable
#endif
{
    /// <summary>The bytes that each account holds free of charge: one block of the transports.</summary>
    public const int FreeBytes = 4 * 1024;

    /// <summary>The step in bytes by which accounts are charged.</summary>
    public const int ChunkBytes = 16 * 1024;

    private const int SweepsPerTimeout = 4;

    private readonly Lock _gate = new();
    private readonly InputLimits _limits;
    private readonly ITimer? _timer;
    private readonly InputHeap _heap = new();
    private InputAccount? _first;
    private long _total;
    private long _leaving;
    private long _number;
    private int _count;
    private long _lastSweep;
    private bool _isSweeping;

    /// <summary>Makes a budget; it sweeps while there are accounts.</summary>
    /// <param name="limits">What may be held.</param>
    /// <param name="time">The clock of the sweeps.</param>
    public InputBudget(InputLimits limits, TimeProvider time)
    {
        _limits = limits;
        Time = time;
        if (limits.MessageTimeout > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(static budget => ((InputBudget)budget!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The clock of the sweeps.</summary>
    public TimeProvider Time { get; }

    /// <summary>What may be held.</summary>
    public InputLimits Limits => _limits;

    /// <summary>Bytes charged now, those of holders that are ending included.</summary>
    public long ChargedBytes => Interlocked.Read(ref _total);

    /// <summary>Accounts that are open.</summary>
    public int Accounts => Volatile.Read(ref _count);

    /// <summary>What is charged for so many bytes.</summary>
    public static long ChargeFor(long held) => held <= FreeBytes ? 0 : (held + ChunkBytes - 1) / ChunkBytes * ChunkBytes;

    /// <summary>Opens an account; close it when nothing is held any more.</summary>
    /// <param name="holder">Told to end where it holds too much.</param>
    public IInputAccount Open(IInputHolder holder)
    {
        var account = new InputAccount(this, holder);
        lock (_gate)
        {
            account.Number = _number++;
            account.Next = _first;
            if (_first is not null)
            {
                _first.Previous = account;
            }

            _first = account;
            _count++;
            if (_timer is not null && !_isSweeping)
            {
                _isSweeping = true;
                _lastSweep = Time.GetTimestamp();
                _timer.Change(SweepPeriod, SweepPeriod);
            }
        }

        return account;
    }

    /// <summary>Charges an account for what it holds now.</summary>
    internal void Charge(InputAccount account)
    {
        List<InputAccount>? ending = null;
        lock (_gate)
        {
            if (account.IsClosed || account.Ending != InputEndCause.None)
            {
                return;
            }

            var charge = ChargeFor(account.Held);
            var grown = charge - account.Charged;
            account.Charged = charge;
            _total += grown;
            _heap.Update(account);
            while (grown > 0 && _total - _leaving > _limits.MaxBytes && _heap.TakeGreatest() is { } greediest)
            {
                greediest.Ending = InputEndCause.Budget;
                _leaving += greediest.Charged;
                (ending ??= []).Add(greediest);
            }
        }

        Tell(ending);
    }

    /// <summary>Gives back what an account holds, once.</summary>
    internal void Close(InputAccount account)
    {
        lock (_gate)
        {
            if (account.IsClosed)
            {
                return;
            }

            account.IsClosed = true;
            _total -= account.Charged;
            if (account.Ending != InputEndCause.None)
            {
                _leaving -= account.Charged;
            }

            account.Charged = 0;
            _heap.Update(account);
            if (account.Previous is not null)
            {
                account.Previous.Next = account.Next;
            }
            else
            {
                _first = account.Next;
            }

            if (account.Next is not null)
            {
                account.Next.Previous = account.Previous;
            }

            account.Previous = account.Next = null;
            _count--;
        }
    }

    /// <summary>Ends the sweeps.</summary>
    public void Dispose() => _timer?.Dispose();

    private TimeSpan SweepPeriod =>
        TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(_limits.MessageTimeout.TotalMilliseconds / SweepsPerTimeout)));

    private void Sweep()
    {
        List<InputAccount>? ending = null;
        lock (_gate)
        {
            var now = Time.GetTimestamp();
            var isLate = Time.GetElapsedTime(_lastSweep, now) > 2 * SweepPeriod;
            _lastSweep = now;
            if (_first is null)
            {
                _isSweeping = false;
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            for (var account = isLate ? null : _first; account is not null; account = account.Next)
            {
                if (account.Ending == InputEndCause.None && account.IsStalled(now, _limits, Time))
                {
                    account.Ending = InputEndCause.Stalled;
                    _leaving += account.Charged;
                    _heap.Remove(account);
                    (ending ??= []).Add(account);
                }
            }
        }

        Tell(ending);
    }

    private void Tell(List<InputAccount>? ending)
    {
        if (ending is null)
        {
            return;
        }

        foreach (var account in ending)
        {
            try
            {
                account.Holder.EndInput(new InputEnd(account.Ending, account.Held, _limits));
            }
            catch
            {
                // What is told of an end runs code of the application: a log provider, a listener to the meter. The others are to end all the
                // same, and nobody stands behind a timer's thread.
            }
        }
    }
}
