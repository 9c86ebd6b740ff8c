using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Bounds;

public sealed class InputEndLogTests
{
    [Theory]
    [InlineData("Stalled", LogLevel.Information)]
    [InlineData("Budget", LogLevel.Warning)]
    public void TellsOneInASecond_AndTheRestAtDebug(string cause, LogLevel level)
    {
        var time = new ManualTimeProvider();
        var logs = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(logs)).SetMinimumLevel(LogLevel.Trace));
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var log = new InputEndLog(new PolywireMetrics(provider.GetRequiredService<IMeterFactory>()), time, loggers);
        var end = new InputEnd(Enum.Parse<InputEndCause>(cause), 100, new InputLimits(50, TimeSpan.FromSeconds(30), 240));

        log.Tell("socket", "10.0.0.1", end);
        log.Tell("socket", "10.0.0.1", end);
        time.Advance(TimeSpan.FromSeconds(1));
        log.Tell("socket", "10.0.0.1", end);

        logs.GetSnapshot().Select(entry => entry.Level).ShouldBe([level, LogLevel.Debug, level]);
    }
}
