#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>What stops the start names the setting by which nobody can listen.</summary>
public sealed class ListenFailureTests
{
    [Theory, InlineData("Polywire:Socket"), InlineData("Polywire:Sockhop"), InlineData("Polywire:Web")]
    public async Task NamesThePortThatIsInUse(string section)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Should.ThrowAsync<IOException>(() => StartAsync(section, "127.0.0.1", port, null));

        failure.Message.ShouldStartWith($"{section}:Port {port} is in use");
    }

    [Theory, InlineData("Polywire:Socket"), InlineData("Polywire:Sockhop"), InlineData("Polywire:Web")]
    public async Task NamesTheAddressThatIsNotThere(string section)
    {
        var failure = await Should.ThrowAsync<IOException>(() => StartAsync(section, "192.0.2.1", 0, null));

        failure.Message.ShouldStartWith($"{section}:BindIP 192.0.2.1 is no address of this machine");
    }

    [Theory, InlineData("Polywire:Socket"), InlineData("Polywire:Sockhop"), InlineData("Polywire:Web")]
    public async Task NamesThePathThatIsInUse(string section)
    {
        using var folder = new TemporaryFolder();
        using var taken = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        taken.Bind(new UnixDomainSocketEndPoint(folder["s"]));
        taken.Listen();

        var failure = await Should.ThrowAsync<IOException>(() => StartAsync(section, "127.0.0.1", 0, folder["s"]));

        failure.Message.ShouldStartWith($"{section}:UnixSocketPath '{folder["s"]}' is in use");
    }

    private static async Task StartAsync(string section, string address, int port, string? path)
    {
        if (section == "Polywire:Web")
        {
            await using var web = await WebHost.StartAsync(options => (options.BindIP, options.Port, options.UnixSocketPath) = (address, port, path), urls: null);
        }
        else
        {
            await using var host = await SocketHost.StartAsync(
                socket =>
                {
                    if (section == "Polywire:Socket")
                    {
                        (socket.BindIP, socket.Port, socket.UnixSocketPath) = (address, port, path);
                    }
                },
                more: (_, _, polywire) =>
                {
                    if (section == "Polywire:Sockhop")
                    {
                        polywire.AddSockhopServer(sockhop => (sockhop.BindIP, sockhop.Port, sockhop.UnixSocketPath) = (address, port, path));
                    }
                });
        }
    }
}
