using Polywire.AspNetCore.LiveView;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.LiveView;

public sealed class LatencyBucketsTests
{
    [Fact]
    public void NothingIsNothing() => new LatencyBuckets().Take().ShouldBe((0, 0, 0, 0));

    [Fact]
    public void ReadsBackWhatWasAdded_AnEighthTooLongAtMost()
    {
        for (var seconds = 0.0000003; seconds < 3000; seconds *= 1.37)
        {
            var buckets = new LatencyBuckets();
            buckets.Add(seconds);

            var (count, p50, p99, max) = buckets.Take();

            (count, p50, p99).ShouldBe((1, max, max));
            max.ShouldBeInRange(seconds * 999, seconds * 1000 * 1.13, $"{seconds} s");
        }
    }

    [Fact]
    public void TellsTheMiddleFromTheTail()
    {
        var buckets = new LatencyBuckets();
        for (var i = 0; i < 980; i++)
        {
            buckets.Add(0.001);
        }

        for (var i = 0; i < 20; i++)
        {
            buckets.Add(0.1);
        }

        var (count, p50, p99, max) = buckets.Take();

        count.ShouldBe(1000);
        p50.ShouldBeInRange(1, 1.13);
        p99.ShouldBeInRange(100, 113);
        max.ShouldBe(p99);
    }

    [Fact]
    public void TakingBeginsAnew()
    {
        var buckets = new LatencyBuckets();
        buckets.Add(1);
        buckets.Take();

        buckets.Take().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    [InlineData(double.PositiveInfinity)]
    public void WhatIsOutOfReachCountsAtTheEnds(double seconds)
    {
        var buckets = new LatencyBuckets();
        buckets.Add(seconds);

        buckets.Take().Count.ShouldBe(1);
    }
}
