#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Where the web server listens by its own settings, and its end.</summary>
public sealed class WebAddressTests
{
    private static readonly TimeSpan Limit = Within.Limit;

    [Theory]
    [InlineData(true), InlineData(null)]
    public async Task SpeaksHttps_WithACertificate_AndHttp2(bool? secure)
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        var (path, key) = certificate.WriteTo(folder);
        await using var host = await WebHost.StartAsync(
            web => (web.Secure, web.BindIP, web.Port, web.Certificate.Path, web.Certificate.KeyPath) = (secure, "127.0.0.1", 0, path, key), urls: null);
        using var handler = new SocketsHttpHandler { UseCookies = false, SslOptions = TestCertificates.Trusting(certificate) };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{host.Address.Port}"), Timeout = Limit };

        host.Address.Scheme.ShouldBe("https");
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/echo?a=1") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await client.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Version.ShouldBe(version);
            answer.Headers.GetValues("Set-Cookie").Single().ShouldEndWith("Secure;");
        }
    }

    [Fact]
    public async Task ListensOnAUnixSocket_ForEverybody()
    {
        using var folder = new TemporaryFolder();
        var path = folder["web.sock"];
        await using var host = await WebHost.StartAsync(web => web.UnixSocketPath = path, urls: null);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe((UnixFileMode)0x1ff);
        }

        (await UnixAsync(path, "")).ShouldContain("\"remoteIP\":\"unix\"");
        (await UnixAsync(path, "X-Forwarded-For: 1.2.3.4\r\n")).ShouldContain("\"remoteIP\":\"1.2.3.4\"");
    }

    [Fact]
    public async Task ListensNowhere_WhereItIsOff()
    {
        await using var host = await WebHost.StartAsync(web => web.Enabled = false, urls: null);

        host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ShouldAllBe(address => !address.Contains(":5000") && !address.Contains(":8080"));
        await host.StopAsync();
    }

    [Fact]
    public async Task TriesAgain_AsOftenAsItIsTold()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var time = new ManualTimeProvider();
        var logs = new FakeLogCollector();
        var starting = WebHost.StartAsync(
            web => (web.BindIP, web.Port, web.BootAttempts) = ("127.0.0.1", ((IPEndPoint)occupant.LocalEndpoint).Port, 3),
            (builder, _) =>
            {
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Logging.AddProvider(new FakeLoggerProvider(logs));
            },
            urls: null);
        await logs.WaitForAsync(entry => entry.Message.Contains("attempt 1 of 3", StringComparison.Ordinal), Limit);
        await time.WaitForTimersAsync(1, Limit);
        time.Advance(TimeSpan.FromSeconds(1));
        await logs.WaitForAsync(entry => entry.Message.Contains("attempt 2 of 3", StringComparison.Ordinal), Limit);
        occupant.Stop();
        await time.WaitForTimersAsync(1, Limit);
        time.Advance(TimeSpan.FromSeconds(1));

        await using var host = await starting;
        (await host.GetAsync("/api/echo")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task GivesUp_WhenNoAttemptIsLeft()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();

        await Should.ThrowAsync<IOException>(() => WebHost.StartAsync(
            web => (web.BindIP, web.Port) = ("127.0.0.1", ((IPEndPoint)occupant.LocalEndpoint).Port), urls: null));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task RemovesAStaleSocketFile_IfItMayTryAgain(int attempts)
    {
        using var folder = new TemporaryFolder();
        var path = folder["web.sock"];
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(path));
        }

        if (!File.Exists(path))
        {
            // The framework removes the file with the socket; what a crashed process leaves behind is put back.
            LeaveStaleSocket(path);
        }

        Task<WebHost> StartAsync() => WebHost.StartAsync(web => (web.UnixSocketPath, web.BootAttempts) = (path, attempts), urls: null);
        if (attempts == 1)
        {
            await Should.ThrowAsync<IOException>(StartAsync);
            File.Exists(path).ShouldBeTrue();
            return;
        }

        await using var host = await StartAsync();
        (await UnixAsync(path, "")).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task NeverRemovesAnOrdinaryFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data", "precious");

        await Should.ThrowAsync<IOException>(() => WebHost.StartAsync(web => (web.UnixSocketPath, web.BootAttempts) = (path, 2), urls: null));

        (await File.ReadAllTextAsync(path)).ShouldBe("precious");
    }

    [Fact]
    public async Task FinishesWhatRuns_AndStartsNothingNew_WhenItStops()
    {
        var gate = new Gate();
        await using var host = await WebHost.StartAsync(add: (_, polywire) => polywire.MapDynamicAction("wait", _ => { }, async (context, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            context.Response["waited"] = true;
        }));
        using var idle = new TcpClient();
        await idle.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        using var busy = new TcpClient();
        await busy.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await busy.GetStream().WriteAsync("GET /api/wait HTTP/1.1\r\nHost: x\r\n\r\nGET /api/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        await gate.Entered.WithinLimit();

        var stopping = host.StopAsync();
        (await ReadAsync(idle)).ShouldBeEmpty();
        gate.Open();
        var answers = await ReadAsync(busy);
        await stopping.WithinLimit();

        answers.ShouldStartWith("HTTP/1.1 200");
        answers.ShouldContain("\"waited\":true");
        answers.ShouldNotContain("\"matchedRoute\"");
    }

    private static void LeaveStaleSocket(string path)
    {
        using var live = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var aside = $"{path}.aside";
        live.Bind(new UnixDomainSocketEndPoint(aside));
        File.Move(aside, path);
    }

    private static async Task<string> UnixAsync(string path, string headers)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WithinLimit();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /api/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WithinLimit();
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        try
        {
            return await reader.ReadToEndAsync().WithinLimit();
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
