using System.Collections.Concurrent;
using Polywire.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Ids of requests.</summary>
public sealed class RandomIdTests
{
    [Fact]
    public void MakesIdsOfTheRightForm()
    {
        for (var i = 0; i < 500; i++)
        {
            RandomId.Hex(20).ShouldMatch("^[0-9a-f]{40}$");
            RandomId.Uuid().ShouldMatch("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
        }
    }

    [Fact]
    public void MakesNoneTwice_OnWhateverThread()
    {
        var seen = new ConcurrentDictionary<string, bool>();

        Parallel.For(0, 20_000, i =>
        {
            seen.TryAdd(RandomId.Hex(20), true).ShouldBeTrue();
            seen.TryAdd(RandomId.Uuid(), true).ShouldBeTrue();
        });

        seen.Count.ShouldBe(40_000);
    }
}
