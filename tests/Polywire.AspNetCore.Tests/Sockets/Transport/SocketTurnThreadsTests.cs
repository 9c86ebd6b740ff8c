using System.Collections.Concurrent;
using Polywire.AspNetCore.Sockets.Transport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Transport;

public sealed class SocketTurnThreadsTests
{
    [Fact]
    public async Task RunsAsManyTurnsAtOnceAsItMay_AndRefusesOneMore()
    {
        var threads = new SocketTurnThreads(most: 3);
        using var gate = new ManualResetEventSlim();
        var turns = Enumerable.Range(0, 4).Select(_ => new Turn(gate)).ToArray();

        turns.Select(threads.TryRun).ShouldBe([true, true, true, false]);
        await Task.WhenAll(turns.Take(3).Select(turn => turn.Begun)).Soon();
        gate.Set();
        await Task.WhenAll(turns.Take(3).Select(turn => turn.Ended)).Soon();

        turns[3].Begun.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task TakesTurnsAgain_OnTheThreadsThatAreFree()
    {
        var threads = new SocketTurnThreads(most: 2);
        using var open = new ManualResetEventSlim(initialState: true);
        var used = new ConcurrentDictionary<int, bool>();
        for (var i = 0; i < 50; i++)
        {
            Turn turn;
            do
            {
                // A thread that has just ended its turn may not have said so yet.
                turn = new Turn(open, () => used.TryAdd(Environment.CurrentManagedThreadId, true));
                await Task.Yield();
            }
            while (!threads.TryRun(turn));
            await turn.Ended.Soon();
        }

        used.Count.ShouldBeInRange(1, 2);
    }

    private sealed class Turn(ManualResetEventSlim gate, Action? run = null) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        public void Execute()
        {
            _begun.SetResult();
            gate.Wait();
            run?.Invoke();
            _ended.SetResult();
        }
    }
}
