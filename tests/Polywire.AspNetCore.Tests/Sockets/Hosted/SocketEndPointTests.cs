using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Where the socket server listens and whom it lets in; docs/protocol/socket.md, 1.</summary>
public sealed class SocketEndPointTests
{
    [Fact]
    public async Task ListensOnAUnixSocket_ForEverybody()
    {
        using var folder = new TemporaryFolder();
        var path = folder["polywire.sock"];
        await using var host = await SocketHost.StartAsync(socket =>
        {
            socket.UnixSocketPath = path;
            socket.BindIP = "";
        });
        await using var client = await host.ConnectAsync();
        var details = await client.AskJsonAsync("detailsView");

        details.Text("data", "remoteIP").ShouldBe("unix");
        details.Text("data", "remotePort").ShouldBe("0");
        ((int)(OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path))).ShouldBe(Convert.ToInt32("777", 8));
        await client.LineAsync("quit");
        await client.ExpectGoodbyeAsync();
        await host.StopAsync();
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task ReplacesTheFileOfADeadProcess_ButNotOneInUse()
    {
        using var folder = new TemporaryFolder();
        var path = folder["stale.sock"];
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound and gone without a clean-up: the file stays.
            dead.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        await using var host = await SocketHost.StartAsync(socket => socket.UnixSocketPath = path);
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));

        await Should.ThrowAsync<IOException>(async () => await (await SocketHost.StartAsync(socket => socket.UnixSocketPath = path)).DisposeAsync());
        await client.ExpectAsync("randomNumber", Wire.Answer(2, "\"value\":0.5"));
    }

    [Fact]
    public async Task SaysSo_WhereThePortIsTaken()
    {
        await using var host = await SocketHost.StartAsync();
        var port = ((IPEndPoint)host.EndPoint).Port;

        await Should.ThrowAsync<IOException>(async () => await (await SocketHost.StartAsync(socket => socket.Port = port)).DisposeAsync());
    }

    [Fact]
    public async Task ListensOnIpv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "needs IPv6");
        await using var host = await SocketHost.StartAsync(socket => socket.BindIP = "::1");
        await using var client = await host.ConnectAsync();

        (await client.AskJsonAsync("detailsView")).Text("data", "remoteIP").ShouldBe("::1");
    }

    [Fact]
    public async Task SpeaksOnAnEndpointOfTheApplicationsOwn_StoppedLikeTheOthers()
    {
        await using var host = await SocketHost.StartAsync(
            socket => socket.Enabled = false,
            more: (_, builder, _) => builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UsePolywireSocket());
            }));
        host.Services.GetRequiredService<SocketServer>().EndPoint.ShouldBeNull();
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using var client = await TcpLineClient.ConnectAsync(IPEndPoint.Parse(address["http://".Length..]));
        await client.ExpectAsync(Wire.Welcome);
        await client.SendAsync("paramAdd key=é\r\nparamView key\r\nrandomNumber\r\n");
        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Ok(2, "\"é\""));
        await client.ExpectAsync(Wire.Answer(3, "\"value\":0.5"));
        var stopping = host.StopAsync();

        await client.ExpectGoodbyeAsync();
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task NamesTheCallToAdd_WhereTheSocketServerIsMissing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddPolywire();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UsePolywireSocket()));

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await using var app = builder.Build();
            await app.StartAsync(TestContext.Current.CancellationToken);
        });
        exception.Message.ShouldContain("AddSocketServer");
    }

    [Fact]
    public async Task RunsWithoutAWebServer()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddPolywire().AddSocketServer(socket =>
        {
            socket.BindIP = "127.0.0.1";
            socket.Port = 0;
        });
        builder.Services.AddSingleton<IHostEnvironment>(builder.Environment);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await TcpLineClient.ConnectAsync(host.Services.GetRequiredService<SocketServer>().EndPoint!);
        await client.ExpectAsync(Wire.Welcome);
        await client.ExpectAsync("paramsView", Wire.Ok(1, "{}"));
        await client.LineAsync("quit");
        await client.ExpectGoodbyeAsync();
        await client.DisposeAsync();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LetsConnectionMiddlewareRefuse()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.UseConnectionMiddleware<Bouncer>());
        await using var client = await host.ConnectRawAsync();
        await client.LineAsync("randomNumber");

        await client.ExpectGoodbyeAsync();
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task ClosesAConnectionWhoseMiddlewareFails_AndLogsIt()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.UseConnectionMiddleware<Broken>());
        host.ExpectedErrors = entry => entry.Exception is InvalidOperationException;
        await using var client = await host.ConnectRawAsync();

        await client.ExpectGoodbyeAsync();
        await host.WaitForConnectionsAsync(0);
        host.Logs.GetSnapshot().Count(entry => entry.Level == LogLevel.Error).ShouldBe(1);
    }

    [Theory]
    [InlineData("Port", "-1", "Polywire:Socket:Port is '-1': allowed is 0 to 65535.")]
    [InlineData("Port", "65536", "Polywire:Socket:Port is '65536': allowed is 0 to 65535.")]
    [InlineData("BindIP", "nowhere", "Polywire:Socket:BindIP is 'nowhere': an IP address is required.")]
    [InlineData("Delimiter", "", "Polywire:Socket:Delimiter is empty: a text is required.")]
    [InlineData("MaxDataLength", "-1", "Polywire:Socket:MaxDataLength is '-1': allowed is 0 to 2147483647.")]
    [InlineData("MaxLineBytes", "-1", "Polywire:Socket:MaxLineBytes is '-1': allowed is 0 to 2147483647.")]
    [InlineData("Backlog", "0", "Polywire:Socket:Backlog is '0': allowed is 1 to 65535.")]
    [InlineData("Secure", "true", "Polywire:Socket:Certificate:Path is empty: Secure needs a certificate.")]
    [InlineData("Certificate:Path", "missing.pem", "Polywire:Socket:Certificate:KeyPath is empty: a PEM certificate needs its key.")]
    [InlineData("Certificate:Path", "missing.pfx", "Polywire:Socket:Certificate:Path is 'missing.pfx': there is no such file.")]
    [InlineData("ClientCertificate:AuthorityPath", "missing.pem", "Polywire:Socket:ClientCertificate:AuthorityPath is 'missing.pem': there is no such file.")]
    public async Task StopsTheStartOnABadSetting_NamingIt(string key, string value, string message)
    {
        var exception = await Should.ThrowAsync<OptionsValidationException>(async () => await (await SocketHost.StartAsync(
            socket => Set(socket, key, value))).DisposeAsync());

        exception.Failures.ShouldContain(message);
    }

    private static void Set(SocketOptions socket, string key, string value)
    {
        switch (key)
        {
            case "Port":
                socket.Port = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "BindIP":
                socket.BindIP = value;
                break;
            case "Delimiter":
                socket.Delimiter = value;
                break;
            case "MaxDataLength":
                socket.MaxDataLength = -1;
                break;
            case "MaxLineBytes":
                socket.MaxLineBytes = -1;
                break;
            case "Backlog":
                socket.Backlog = 0;
                break;
            case "Secure":
                socket.Secure = true;
                break;
            case "Certificate:Path":
                socket.Certificate.Path = value;
                break;
            default:
                socket.ClientCertificate.Request = true;
                socket.ClientCertificate.AuthorityPath = value;
                break;
        }
    }

    private sealed class Bouncer : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) => throw new ActionException("not you");
    }

    private sealed class Broken : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("broken");
    }
}
