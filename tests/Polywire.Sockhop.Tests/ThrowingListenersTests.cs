using System.Diagnostics.Metrics;
using Polywire.Sockhop.Peer;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>Code of the application that is called where nobody could catch: it ends neither the process nor what it was called from.</summary>
public sealed class ThrowingListenersTests
{
    [Fact]
    public void ACountGoesOn_WhateverAListenerThrows()
    {
        using var meter = new Meter("throwing");
        var (counter, both) = (meter.CreateCounter<long>("a"), meter.CreateUpDownCounter<long>("b"));
        var heard = 0;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            heard++;
            throw new InvalidOperationException("a listener");
        });
        listener.EnableMeasurementEvents(counter);
        listener.EnableMeasurementEvents(both);

        counter.Count();
        both.Count(-1);

        heard.ShouldBe(2);
    }

    [Fact]
    public void ATimerGoesOn_WhateverItsWorkThrows()
    {
        var time = new ManualTimeProvider();
        var ticks = new Ticks();
        using var timer = time.CreateGuardedTimer(static ticks => ticks.Next(), ticks, TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(1));
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(1));

        ticks.Count.ShouldBe(2);
    }

    private sealed class Ticks
    {
        public int Count { get; private set; }

        public void Next()
        {
            Count++;
            throw new InvalidOperationException("a clock");
        }
    }
}
