using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

/// <summary>A test host takes Microsoft's clock too; what differs from ours is in docs/adr/0034.</summary>
public class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task AnActionHasItsDeadlineOnIt()
    {
        await using var host = await PolywireTestHost.StartAsync(
            polywire => polywire.MapAction("slow", async (Empty _, ActionContext _, CancellationToken token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return new Done("");
            }),
            options => options.Time = _time);
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("slow");

        _time.Advance(TimeSpan.FromMinutes(4));
        run.IsCompleted.ShouldBeFalse();
        // Nothing tells whether the deadline was set before that move.
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return run.IsCompleted;
        });

        (await run.ShouldThrowAsync<ActionException>()).Status.ShouldBe(ActionStatus.Timeout);
        host.Logs.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task AHeartbeatOfTheApplicationBeatsOnIt()
    {
        await using var host = await PolywireTestHost.StartAsync(
            polywire => polywire.AddRooms("clock"),
            options =>
            {
                options.Time = _time;
                options.ConfigureServices(services => services.AddHostedService<Heart>());
            });
        var client = await host.ConnectAsync();
        await client.JoinAsync("clock");

        for (var beat = 1; beat <= 3; beat++)
        {
            _time.Advance(Heart.Period);
            (await client.NextMessageAsync()).SentAt.ShouldBe(_time.Start + (beat * Heart.Period));
        }

        host.Services.GetRequiredService<TimeProvider>().ShouldBeSameAs(_time);
        host.Logs.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task WhoGaveTheClockMovesIt()
    {
        await using var host = await PolywireTestHost.StartAsync(_ => { }, options => options.Time = _time);

        Should.Throw<InvalidOperationException>(() => host.Time).Message.ShouldContain("FakeTimeProvider");
    }

    private sealed class Heart(IRooms rooms, TimeProvider time) : BackgroundService
    {
        private readonly PeriodicTimer _timer = new(Period, time);

        public static TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

        public override void Dispose()
        {
            _timer.Dispose();
            base.Dispose();
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                await rooms.SayAsync("clock", "beat", stoppingToken);
            }
        }
    }
}
