using System.Collections.Concurrent;
using Polywire.Sockhop.Peer;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Peer;

public sealed class InboxTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly ManualTimeProvider _clock = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Inbox _inbox;

    public InboxTests() => _inbox = new Inbox(_clock, 1000, new Owner(_log));

    public void Dispose() => _inbox.Dispose();

    [Fact]
    public void RunsEverythingInOrder_AndFlushesOnce()
    {
        Post("1", "2", "3");

        _inbox.Drain();

        Log().ShouldBe("1 2 3 flush");
        _inbox.HasWork.ShouldBeFalse();
    }

    [Fact]
    public void ASecondHandlerWaitsForTheFirst_AndEventsDoNot()
    {
        var first = new TaskCompletionSource();
        _inbox.Post(new Message(_log, "first", first.Task));
        _inbox.Post(new Message(_log, "second"));
        Post("event");

        _inbox.Drain();
        Log().ShouldBe("first event flush");
        first.SetResult();

        Log().ShouldBe("first event flush second");
    }

    [Fact]
    public void IsFullWhileMoreWaitsThanMay_AndTellsOnceThereIsRoom()
    {
        var gate = new TaskCompletionSource();
        _inbox.Post(new Message(_log, "1", gate.Task, cost: 400));
        _inbox.IsFull.ShouldBeFalse();
        _inbox.Post(new Message(_log, "2", cost: 400));
        _inbox.IsFull.ShouldBeTrue();

        _inbox.Drain();
        Log().ShouldBe("1 flush");
        gate.SetResult();

        Log().ShouldBe("1 flush room 2");
        (_inbox.IsFull, _inbox.Cost).ShouldBe((false, 0));
    }

    [Fact]
    public void WhatIsSentWithinAPassIsCollected_ButNotByTheLast()
    {
        var collected = new List<bool>();
        for (var i = 0; i < 3; i++)
        {
            _inbox.Post(new Event(_log, "", () => collected.Add(DrainPass.Current is not null)));
        }

        _inbox.Drain();

        collected.ShouldBe([true, true, false]);
        DrainPass.Current.ShouldBeNull();
    }

    [Fact]
    public async Task AHandlerThatBlocksHoldsNeitherTheReaderNorWhatItSentUp()
    {
        using var blocked = new Blocked(_inbox, _log);

        _clock.Advance(Tick);

        Log().ShouldBe("blocked stalled flush");
        blocked.Pass!.IsStalled.ShouldBeTrue();
        await blocked.EndAsync();
    }

    [Fact]
    public async Task WhatBlocksItsThreadLosesItsPlace_OnceSomethingWaitsBehindIt()
    {
        using var blocked = new Blocked(_inbox, _log);
        _clock.Advance(Tick);
        _clock.Advance(Tick);
        Log().ShouldNotContain("next");

        _clock.Advance(Tick);

        Log().ShouldBe("blocked stalled flush stalled flush stalled flush next flush");
        await blocked.EndAsync();
        Post("after");
        _inbox.Drain();
        Log().ShouldEndWith("next flush after flush");
    }

    [Fact]
    public async Task WhatOnlyTakesItsTimeKeepsItsPlace()
    {
        var (spins, ends) = (false, false);
        _inbox.Post(new Event(_log, "busy", () =>
        {
            Volatile.Write(ref spins, true);
            while (!Volatile.Read(ref ends))
            {
                Thread.SpinWait(100);
            }
        }));
        var busy = Task.Run(_inbox.Drain, CancellationToken.None);
        await Until.TrueAsync(() => Volatile.Read(ref spins));
        Post("behind");

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Tick);
        }

        Log().ShouldNotContain("behind");
        Volatile.Write(ref ends, true);
        await busy.WithinLimit();
        Log().ShouldEndWith("behind flush");
    }

    [Fact]
    public async Task WatchesNothing_OnceItIsDisposedOf()
    {
        using var blocked = new Blocked(_inbox, _log);
        _inbox.Dispose();

        _clock.Advance(Tick * 10);

        Log().ShouldBe("blocked");
        await blocked.EndAsync();
    }

    private void Post(params string[] names)
    {
        foreach (var name in names)
        {
            _inbox.Post(new Event(_log, name));
        }
    }

    private string Log() => string.Join(' ', _log);

    /// <summary>A pass whose thread waits.</summary>
    private sealed class Blocked : IDisposable
    {
        // Unlike a semaphore it does not spin before it waits.
        private readonly AutoResetEvent _end = new(false);
        private readonly Thread _thread;

        public Blocked(Inbox inbox, ConcurrentQueue<string> log)
        {
            inbox.Post(new Event(log, "blocked", () =>
            {
                Pass = DrainPass.Current;
#pragma warning disable RS0030, xUnit1031 // What a careless application does.
                _end.WaitOne();
#pragma warning restore RS0030, xUnit1031
            }));

            // Not the last, so that its pass can be seen.
            inbox.Post(new Event(log, "next"));
            _thread = new Thread(inbox.Drain) { IsBackground = true };
            _thread.Start();
            while (Pass is null || (_thread.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Yield();
            }
        }

        public DrainPass? Pass { get; private set; }

        public async Task EndAsync()
        {
            _end.Set();
            await Until.TrueAsync(() => !_thread.IsAlive);
        }

        public void Dispose()
        {
            _end.Set();
            _end.Dispose();
        }
    }

    private sealed class Owner(ConcurrentQueue<string> log) : IInboxOwner
    {
        public void OnStalled() => log.Enqueue("stalled");

        public void OnPassEnded() => log.Enqueue("flush");

        public void OnRoom() => log.Enqueue("room");

        public void OnLessWaits()
        {
        }
    }

    private sealed class Event(ConcurrentQueue<string> log, string name, Action? run = null) : WorkItem
    {
        public override void Run()
        {
            log.Enqueue(name);
            run?.Invoke();
        }
    }

    private sealed class Message(ConcurrentQueue<string> log, string name, Task? until = null, long cost = 0) : WorkItem
    {
        public override bool IsHandled => true;

        public override long Cost => cost;

        public override ValueTask RunAsync()
        {
            log.Enqueue(name);
            return until is null ? default : new ValueTask(until);
        }
    }
}
