using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Bounds;

public sealed class DoorGateTests
{
    [Fact]
    public void TurnsAway_WhateverALogProviderThrows()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new PolywireMetrics(provider.GetRequiredService<IMeterFactory>());
        var gate = new DoorGate("socket", "Polywire:Socket", new ConnectionGate(1, 0), metrics, TimeProvider.System, new ThrowingLogger());

        gate.TryEnter(null).ShouldBe(GateAnswer.In);
        gate.TryEnter(null).ShouldBe(GateAnswer.TooMany);

        gate.Count.ShouldBe(1);
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("a log provider");
    }
}
