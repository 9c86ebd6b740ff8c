using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Tests.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Polywire among ASP.NET Core's health checks.</summary>
public sealed class HealthChecksTests
{
    private const string Ready = "polywire-ready";
    private const string Node = "polywire-node";

    [Fact]
    public async Task IsReady_FromTheEndOfTheStartToTheBeginningOfTheStop()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Polywire:Web:Enabled"] = "false";
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.AddPolywire();
        builder.Services.AddHealthChecks().AddPolywireHealthChecks();
        await using var app = builder.Build();

        var before = (await CheckAsync(app.Services)).Entries[Ready];
        await app.StartAsync(TestContext.Current.CancellationToken);
        var running = (await CheckAsync(app.Services)).Entries[Ready];
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stopping = (await CheckAsync(app.Services)).Entries[Ready];

        (before.Status, before.Description).ShouldBe((HealthStatus.Unhealthy, "starting"));
        (running.Status, running.Description).ShouldBe((HealthStatus.Healthy, null));
        (stopping.Status, stopping.Description).ShouldBe((HealthStatus.Unhealthy, "stopping"));
        running.Tags.ShouldBe(["polywire", "ready"], ignoreOrder: true);
    }

    [Fact]
    public async Task ABalancerAsksWhatIsTaggedReady()
    {
        await using var host = await WebHost.StartAsync(
            add: (builder, _) => builder.Services.AddHealthChecks().AddPolywireHealthChecks(),
            map: (app, _) => app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }));

        (await host.GetAsync("/ready")).Text.ShouldBe("Healthy");
        host.ExpectedErrors = static log => log.Message.Contains(Ready, StringComparison.Ordinal);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        (await host.GetAsync("/ready")).Status.ShouldBe(503);
    }

    [Theory]
    [InlineData("1", HealthStatus.Degraded, "Using more than 1 MB of RAM/HEAP")]
    [InlineData("1000000", HealthStatus.Healthy, null)]
    public async Task TellsWhatTheActionStatusTells(string megabytes, HealthStatus status, string? description)
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) =>
        {
            builder.Services.Configure<StatusOptions>(options =>
            {
                options.MaxHealthyMemoryMegabytes = int.Parse(megabytes, System.Globalization.CultureInfo.InvariantCulture);
                options.MaxHealthyThreadPoolDelay = TimeSpan.FromDays(1);
            });
            builder.Services.AddHealthChecks().AddPolywireHealthChecks();
        });

        var report = (await CheckAsync(host.Services)).Entries[Node];

        (report.Status, report.Description).ShouldBe((status, description));
        report.Data.Keys.ShouldBe(["uptimeMilliseconds", "memoryMegabytes", "threadPoolDelayMilliseconds"], ignoreOrder: true);
        ((double)report.Data["memoryMegabytes"]).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task IsAddedOnce_BesideOthers()
    {
        await using var host = await WebHost.StartAsync(add: (builder, _) =>
        {
            builder.Services.AddHealthChecks().AddPolywireHealthChecks().AddCheck("own", () => HealthCheckResult.Healthy());
            builder.Services.AddHealthChecks().AddPolywireHealthChecks();
        });

        (await CheckAsync(host.Services)).Entries.Keys.ShouldBe([Ready, Node, "own"], ignoreOrder: true);
    }

    [Fact]
    public async Task NamesTheCallThatIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHealthChecks().AddPolywireHealthChecks();
        await using var app = builder.Build();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => CheckAsync(app.Services));

        error.Message.ShouldContain("builder.AddPolywire()");
    }

    private static Task<HealthReport> CheckAsync(IServiceProvider services) =>
        services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
}
