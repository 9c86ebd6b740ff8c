using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

public sealed class DefaultHttpAddressTests
{
    [Fact]
    public async Task IsPort8080_WhereNothingIsNamed() => (await DecideAsync(null)).ShouldBe(["0.0.0.0:8080"]);

    [Theory, InlineData("urls"), InlineData("http_ports"), InlineData("https_ports")]
    public async Task IsPort8080_WhereAVariableIsSetToNothing(string key) => (await DecideAsync(null, (key, ""))).ShouldBe(["0.0.0.0:8080"]);

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0"), InlineData("http_ports", "81"), InlineData("https_ports", "82")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://127.0.0.1:83")]
    public async Task IsWhatConfigurationNames(string key, string value) => (await DecideAsync(null, (key, value))).ShouldBeEmpty();

    [Fact]
    public async Task IsWhatCodeNames() => (await DecideAsync(kestrel => kestrel.ListenAnyIP(84))).ShouldBeEmpty();

    [Fact]
    public async Task IsWhatTheServerHasAlready() =>
        (await DecideAsync(null, addresses: ["http://127.0.0.1:85"])).ShouldBe(["http://127.0.0.1:85"]);

    [Fact]
    public async Task IsWhatTheSettingsSay()
    {
        (await DecideAsync(null, set: web => (web.BindIP, web.Port) = ("::1", 81))).ShouldBe(["[::1]:81"]);
        (await DecideAsync(null, set: web => web.UnixSocketPath = "/x/y.sock")).ShouldBe(["/x/y.sock"]);
    }

    [Fact]
    public async Task IsAFreePortOfLoopback_InATest() => (await DecideAsync(null, isTest: true)).ShouldBe(["127.0.0.1:0"]);

    [Theory]
    [InlineData("0.0.0.0", 81, "127.0.0.1:81"), InlineData("::", 8080, "[::1]:0"), InlineData("127.0.0.2", 8080, "127.0.0.2:0")]
    public async Task IsWhatTheSettingsSay_InATest_SoThatAClientCanConnect(string bindIP, int port, string expected) =>
        (await DecideAsync(null, set: web => (web.BindIP, web.Port) = (bindIP, port), isTest: true)).ShouldBe([expected]);

    [Fact]
    public async Task IsNone_WhereTheWebServerIsOff() => (await DecideAsync(null, set: web => web.Enabled = false)).ShouldBe(["off"]);

    [Theory, InlineData(true), InlineData(false)]
    public async Task LeavesTheApplicationsEndpointsAlone_WheneverTheyWereAdded(bool before)
    {
        var logs = new FakeLogCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(logs));
        void Listen() => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (before)
        {
            Listen();
        }

        builder.AddPolywire();
        if (!before)
        {
            Listen();
        }

        await using var app = builder.Build();
        app.MapPolywire();
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Urls.ShouldHaveSingleItem().ShouldStartWith("http://127.0.0.1:");
        logs.GetSnapshot().ShouldNotContain(entry => entry.Level >= LogLevel.Warning);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<ICollection<string>> DecideAsync(
        Action<KestrelServerOptions>? listen, (string Key, string Value)? setting = null, string[]? addresses = null, Action<WebOptions>? set = null,
        bool isTest = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(setting is { } pair ? [new(pair.Key, pair.Value)] : [])
            .Build();
        using var server = new FakeServer(addresses ?? []);
        var code = new CodeEndpoints();
        var kestrel = new OptionsWrapper<KestrelServerOptions>(new KestrelServerOptions());
        new CodeEndpointsSetup(code, TimeProvider.System).Configure(kestrel.Value);
        listen?.Invoke(kestrel.Value);

        var own = new WebEndPoint();
        var options = new WebOptions();
        set?.Invoke(options);
        using var certificates = new CertificateWatch(TimeProvider.System, NullLogger<CertificateWatch>.Instance);
        await new DefaultHttpAddress(
            server, configuration, kestrel, code, Options.Create(options), own, certificates, Gates(), new TrustedProxies(Options.Create(options)), new TestPorts(isTest))
            .StartingAsync(CancellationToken.None);

        return own.EndPoint is not null ? [own.EndPoint.ToString()!] : server.Features.Get<IServerAddressesFeature>()!.Addresses;
    }

    private static DoorGates Gates()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new DoorGates(new PolywireMetrics(provider.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLoggerFactory.Instance);
    }

    private sealed class FakeServer : IServer
    {
        public FakeServer(IEnumerable<string> addresses)
        {
            var feature = new ServerAddresses();
            foreach (var address in addresses)
            {
                feature.Addresses.Add(address);
            }

            Features.Set<IServerAddressesFeature>(feature);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }

    private sealed class ServerAddresses : IServerAddressesFeature
    {
        public ICollection<string> Addresses { get; } = [];

        public bool PreferHostingUrls { get; set; }
    }
}
