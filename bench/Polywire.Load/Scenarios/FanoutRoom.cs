using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>Says numbered messages to a room, so many at a time, and notes when each listener has each of them.</summary>
/// <remarks>
/// A message leaves the window when every listener has it. The server keeps the order of one sender for every receiver
/// (docs/protocol/socket.md 8), so messages leave the window in order and a slot is free when its turn comes again.
/// </remarks>
internal sealed class FanoutRoom(MessageSender sender, RequestTemplate say, int listeners, int window, Tally tally)
{
    private readonly Lock _gate = new();
    private readonly long[] _saidAt = new long[window];
    private readonly int[] _missing = new int[window];
    private TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _said;
    private int _inFlight;
    private bool _stopped = true;

    /// <summary>Where deliveries are recorded.</summary>
    public Recorder Recorder { get; } = new();

    /// <summary>Messages said so far; the next one has this number.</summary>
    public long Said => Interlocked.Read(ref _said);

    /// <summary>Fills the window.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _stopped = false;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            while (_inFlight < window)
            {
                SayNext(Clock.Now);
            }
        }

        sender.Flush();
    }

    /// <summary>Says nothing new and waits until all that was said has arrived; what has not in time is lost.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        lock (_gate)
        {
            _stopped = true;
            if (_inFlight == 0)
            {
                return;
            }
        }

        await Task.WhenAny(_drained.Task, Task.Delay(timeout));
        lock (_gate)
        {
            tally.Lose(_missing.Sum(), "a message had not arrived within the time-out");
        }
    }

    /// <summary>Notes that one listener has message <paramref name="number"/>.</summary>
    public void Delivered(long number, long now)
    {
        var slot = number % window;
        Recorder.Answer(Volatile.Read(ref _saidAt[slot]), now);
        Release(slot, now);
    }

    /// <summary>Notes that one listener will never have message <paramref name="number"/>.</summary>
    public void Missed(long number, long now)
    {
        tally.Lose(1, $"a listener did not get message {number}");
        Release(number % window, now);
    }

    private void Release(long slot, long now)
    {
        if (Interlocked.Decrement(ref _missing[slot]) > 0)
        {
            return;
        }

        lock (_gate)
        {
            _inFlight--;
            if (!_stopped)
            {
                SayNext(now);
            }
            else if (_inFlight == 0)
            {
                _drained.TrySetResult();
            }
        }

        sender.Flush();
    }

    private void SayNext(long now)
    {
        var slot = _said % window;
        Volatile.Write(ref _saidAt[slot], now);
        Volatile.Write(ref _missing[slot], listeners);
        _inFlight++;

        // Counted first: another thread may flush at once, and the listeners check numbers against the count.
        var number = Interlocked.Increment(ref _said) - 1;
        sender.Append(say, number);
    }
}
