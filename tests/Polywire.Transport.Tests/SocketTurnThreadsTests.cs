using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class SocketTurnThreadsTests
{
    [Fact]
    public async Task RunsAsManyTurnsAtOnceAsItMay_AndOthersAsSoonAsThereIsAThread()
    {
        var threads = new SocketTurnThreads(most: 3);
        using var gate = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim(initialState: true);
        var turns = Enumerable.Range(0, 3).Select(_ => new Turn(gate)).ToArray();

        turns.Select(threads.Run).ShouldBe([true, true, true]);
        await Task.WhenAll(turns.Select(turn => turn.Begun)).Soon();

        // All of them block, but the thread pool does not.
        var late = new Turn(open);
        threads.Run(late).ShouldBeFalse();
        await late.Ended.Soon();
        gate.Set();
        await Task.WhenAll(turns.Select(turn => turn.Ended)).Soon();
    }

    [Fact]
    public async Task RunsEveryTurnOnce_HoweverManyThereAre()
    {
        var threads = new SocketTurnThreads(most: 2);
        using var open = new ManualResetEventSlim(initialState: true);
        var turns = Enumerable.Range(0, 500).Select(_ => new Turn(open)).ToArray();

        Parallel.ForEach(turns, turn => threads.Run(turn));

        // One that ran twice would fail.
        await Task.WhenAll(turns.Select(turn => turn.Ended)).Soon();
    }

    private sealed class Turn(ManualResetEventSlim gate) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        public void Execute()
        {
            _begun.SetResult();
            gate.Wait();
            _ended.SetResult();
        }
    }
}
