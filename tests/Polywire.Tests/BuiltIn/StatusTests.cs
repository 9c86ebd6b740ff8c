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
    public async Task NO71_WhatAPackageFindsWrongIsAProblem_ForAsLongAsItIs()
    {
        var cluster = new Cluster();
        var host = await StartAsync(
            polywire => polywire.AddBuiltInActions(),
            options =>
            {
                // So that nothing else is wrong.
                options.Configuration["Polywire:Status:MaxHealthyMemoryMegabytes"] = "1000000";
                options.Configuration["Polywire:Status:MaxHealthyThreadPoolDelay"] = "01:00:00";
                options.ConfigureServices(services => services.AddSingleton<INodeProblem>(cluster));
            });

        (await host.RunAsync<JsonElement>("status")).GetProperty("nodeStatus").GetString().ShouldBe("Node Healthy");
        cluster.Problem = "The cluster is not reachable";

        var status = await host.RunAsync<JsonElement>("status");
        status.GetProperty("nodeStatus").GetString().ShouldBe("Node Unhealthy");
        status.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ShouldBe(["The cluster is not reachable"]);
    }

    private sealed class Cluster : INodeProblem
    {
        public string? Problem { get; set; }
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
