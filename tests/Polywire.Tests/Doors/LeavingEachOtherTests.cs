using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

/// <summary>Connections whose middleware closes others when they leave; the time of the host stands still, so no limit ends a wait.</summary>
public class LeavingEachOtherTests : HostTest
{
    private readonly Leavers _leavers = new();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ThoseThatCloseEachOtherInARingDoNotWaitForEver(int count)
    {
        var ring = await OpenAsync(count);
        for (var i = 0; i < count; i++)
        {
            var next = ring[(i + 1) % count];
            _leavers.OnLeave(ring[i], () => next.CloseAsync().AsTask());
        }

        await ring[0].CloseAsync().AsTask().WithinLimit();

        await Task.WhenAll(ring.Select(connection => connection.Goodbye)).WithinLimit();
        await Until.TrueAsync(() => _leavers.Done == count);
    }

    [Fact]
    public async Task ThoseThatEndAtOnceAndThenCloseEachOtherDoNotWaitForEver()
    {
        var pair = await OpenAsync(2);
        var both = new Countdown(2);
        foreach (var (one, other) in (ReadOnlySpan<(BareConnection, BareConnection)>)[(pair[0], pair[1]), (pair[1], pair[0])])
        {
            _leavers.OnLeave(one, async () =>
            {
                await both.ArriveAsync();
                await other.CloseAsync();
            });
        }

        await Task.WhenAll(pair.Select(connection => Task.Run(async () => await connection.CloseAsync()))).WithinLimit();

        await Task.WhenAll(pair.Select(connection => connection.Goodbye)).WithinLimit();
        await Until.TrueAsync(() => _leavers.Done == 2);
    }

    [Fact]
    public async Task OneThatClosesAnotherStillWaitsUntilThatOneHasLeft()
    {
        var pair = await OpenAsync(2);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _leavers.OnLeave(pair[0], () => pair[1].CloseAsync().AsTask());
        _leavers.OnLeave(pair[1], async () =>
        {
            begun.SetResult();
            await gate.Task;
        });

        var closing = pair[0].CloseAsync().AsTask();
        await begun.Task.WithinLimit();
        closing.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        await closing.WithinLimit();
        _leavers.Done.ShouldBe(2);
    }

    private async Task<BareConnection[]> OpenAsync(int count)
    {
        var host = await StartAsync(polywire => polywire.Services.AddSingleton(new ConnectionMiddlewareRegistration(1, _ => _leavers)));
        var services = host.Services.GetRequiredService<ConnectionServices>();
        var connections = Enumerable.Range(0, count).Select(_ => new BareConnection(services, null!)).ToArray();
        foreach (var connection in connections)
        {
            (await services.Lifetime.OpenAsync(connection)).ShouldBeTrue();
        }

        return connections;
    }

    private sealed class Leavers : IConnectionMiddleware
    {
        private readonly ConcurrentDictionary<Connection, Func<Task>> _steps = new();
        private int _done;

        public int Done => Volatile.Read(ref _done);

        public void OnLeave(Connection connection, Func<Task> step) => _steps[connection] = step;

        public async ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            await (_steps.TryGetValue(connection, out var step) ? step() : Task.CompletedTask);
            Interlocked.Increment(ref _done);
        }
    }

    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = count;

        public Task ArriveAsync()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _all.SetResult();
            }

            return _all.Task;
        }
    }
}
