#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>What hostile requests leave behind. Alone, since the memory of the process is measured.</summary>
[Collection(Alone)]
public sealed class HostileMemoryTests(HostileRequestsTests.Shared shared) : IClassFixture<HostileRequestsTests.Shared>
{
    internal const string Alone = "alone";

    [Fact]
    public async Task IsNoMemoryAndNoFile()
    {
        // Once, so that what is kept for ever is there.
        await SendAllAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAllAsync();
        await SendAllAsync();
        var after = GC.GetTotalMemory(forceFullCollection: true);

        (after - before).ShouldBeLessThan(64 << 20);
        Directory.GetFiles(shared.Uploads).ShouldBeEmpty();
    }

    private async Task SendAllAsync()
    {
        foreach (var request in HostileRequestsTests.Everything)
        {
            await HostileRequestsTests.SendAsync(shared.Host, request);
        }
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(HostileMemoryTests.Alone, DisableParallelization = true)]
public sealed class AloneDefinition;
