using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.BuiltIn;

/// <summary>core.md B-1.</summary>
public class StatusTests : HostTest
{
    [Fact]
    public async Task UptimeCountsFromTheStartOfTheHost()
    {
        var host = await StartAsync(polywire => polywire.AddBuiltInActions());
        host.Time.Advance(TimeSpan.FromSeconds(90));

        var status = await host.RunAsync<JsonElement>("status");

        status.GetProperty("uptime").GetInt64().ShouldBe(90_000);
    }

    [Fact]
    public async Task TheLimitsAreSettings()
    {
        var host = await StartAsync(
            polywire => polywire.AddBuiltInActions(),
            options => options.Configuration["Polywire:Status:MaxHealthyMemoryMegabytes"] = "1");

        var status = await host.RunAsync<JsonElement>("status");

        status.GetProperty("nodeStatus").GetString().ShouldBe("Node Unhealthy");
        status.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ShouldBe(["Using more than 1 MB of RAM/HEAP"]);
    }

    [Fact]
    public async Task ANodeWithinItsLimitsIsHealthy()
    {
        var host = await StartAsync(
            polywire => polywire.AddBuiltInActions(),
            options => options.Configuration["Polywire:Status:MaxHealthyMemoryMegabytes"] = "1000000");

        var status = await host.RunAsync<JsonElement>("status");

        status.GetProperty("nodeStatus").GetString().ShouldBe("Node Healthy");
        status.GetProperty("problems").GetArrayLength().ShouldBe(0);
    }
}
