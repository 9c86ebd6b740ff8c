using System.Net;
using Polywire.Bounds;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Bounds;

public class ConnectionGateTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void CountsByWhatOneSubscriberHas(string first, string second, bool isSame)
    {
        var gate = new ConnectionGate(max: 0, maxPerAddress: 1);
        gate.TryEnter(IPAddress.Parse(first)).ShouldBe(GateAnswer.In);
        gate.TryEnter(IPAddress.Parse(second)).ShouldBe(isSame ? GateAnswer.TooManyOfAddress : GateAnswer.In);
        gate.Leave(IPAddress.Parse(first));
        gate.TryEnter(IPAddress.Parse(first)).ShouldBe(GateAnswer.In);
    }

    [Fact]
    public void BoundsAllTogether_UnixSocketsToo()
    {
        var gate = new ConnectionGate(max: 2, maxPerAddress: 1);
        gate.TryEnter(null).ShouldBe(GateAnswer.In);
        gate.TryEnter(null).ShouldBe(GateAnswer.In);
        gate.TryEnter(IPAddress.Loopback).ShouldBe(GateAnswer.TooMany);
        gate.Leave(null);
        gate.TryEnter(IPAddress.Loopback).ShouldBe(GateAnswer.In);
        gate.Count.ShouldBe(2);
    }

    [Fact]
    public void ZeroIsAnyNumber()
    {
        var gate = new ConnectionGate(max: 0, maxPerAddress: 0);
        for (var i = 0; i < 1000; i++)
        {
            gate.TryEnter(IPAddress.Loopback).ShouldBe(GateAnswer.In);
        }

        gate.Addresses.ShouldBe(0);
    }

    [Fact]
    public async Task KeepsNothingOfThoseThatHaveGone()
    {
        var gate = new ConnectionGate(max: 50, maxPerAddress: 2);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var random = new Random(Seed.Value + thread);
            for (var i = 0; i < 5000; i++)
            {
                var address = new IPAddress(random.Next(20));
                if (gate.TryEnter(address) == GateAnswer.In)
                {
                    gate.Leave(address);
                }
            }
        }))).WithinLimit();

        gate.Count.ShouldBe(0);
        gate.Addresses.ShouldBe(0);
    }
}
