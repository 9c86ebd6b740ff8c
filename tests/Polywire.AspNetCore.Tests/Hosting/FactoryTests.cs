#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
extern alias plain;

using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Hosting;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Applications under ASP.NET Core's library for tests, as their authors write them: on the usual ports of every server.</summary>
public sealed class FactoryTests
{
    public enum Server
    {
        /// <summary>The one in memory.</summary>
        InMemory,

        /// <summary>Kestrel where the application says.</summary>
        Kestrel,

        /// <summary>Kestrel on a port of the test's choice, any free one.</summary>
        KestrelAnyPort,

        /// <summary>Kestrel where code of the test says.</summary>
        KestrelInCode,
    }

    public static TheoryData<Server> Servers => [.. Enum.GetValues<Server>()];

    [Theory, MemberData(nameof(Servers))]
    public async Task HostsRunSideBySide_AndEveryServerIsReached(Server server)
    {
        await using var first = Start(server);
        await using var second = Start(server);
        await using var third = first.WithWebHostBuilder(static _ => { });

        foreach (var factory in new[] { first, second, third })
        {
            using var client = factory.CreateClient();
            var addresses = factory.Services.GetRequiredService<PolywireAddresses>();

            JsonElement.Parse(await client.GetStringAsync(new Uri("/api/add?a=2&b=3", UriKind.Relative)).WithinLimit()).GetProperty("result").GetInt32().ShouldBe(5);
            await AskSocketAsync(addresses.Socket);
            await AskSockhopAsync(addresses.Sockhop);
        }
    }

    [Theory]
    [InlineData("Web", Server.Kestrel)]
    [InlineData("Socket", Server.Kestrel), InlineData("Socket", Server.InMemory)]
    [InlineData("Sockhop", Server.Kestrel), InlineData("Sockhop", Server.InMemory)]
    public async Task APortThatIsSetCounts_AndTheErrorNamesIt(string section, Server server)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var factory = new WebApplicationFactory<plain::Program>();
        await using var derived = factory.WithWebHostBuilder(host => host.UseSetting($"Polywire:{section}:Port", $"{port}"));
        Use(derived, server);

        var failure = Should.Throw<IOException>(derived.StartServer);

        failure.Message.ShouldStartWith($"Polywire:{section}:Port {port} is in use");
    }

    [Fact]
    public async Task WebSocketsWorkInMemory()
    {
        await using var factory = new WebApplicationFactory<plain::Program>();
        var sockets = factory.Server.CreateWebSocketClient();

        using var socket = await sockets.ConnectAsync(new Uri("ws://localhost/primus"), CancellationToken.None).WithinLimit();
        await socket.SendAsync("""{"event":"action","params":{"action":"add","a":2,"b":3},"messageId":7}"""u8.ToArray(), WebSocketMessageType.Text, true, default).WithinLimit();
        var answer = await ReadAsync(socket, static text => text.Contains("\"result\"", StringComparison.Ordinal));
        var words = new string('x', 100_000);
        await socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"event":"paramAdd","key":"key","value":"{{words}}","messageId":8}"""), WebSocketMessageType.Text, true, default).WithinLimit();
        await socket.SendAsync("""{"event":"paramView","key":"key","messageId":9}"""u8.ToArray(), WebSocketMessageType.Text, true, default).WithinLimit();
        var view = await ReadAsync(socket, static text => text.Contains("xxx", StringComparison.Ordinal));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WithinLimit();

        JsonElement.Parse(answer).GetProperty("result").GetInt32().ShouldBe(5);
        view.ShouldContain(words);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task WebSocketsWorkOnKestrel()
    {
        await using var factory = Start(Server.Kestrel);
        using var client = factory.CreateClient();
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new UriBuilder(client.BaseAddress!) { Scheme = "ws", Path = "/primus" }.Uri, default).WithinLimit();
        await socket.SendAsync("""{"event":"action","params":{"action":"add","a":2,"b":3}}"""u8.ToArray(), WebSocketMessageType.Text, true, default).WithinLimit();

        (await ReadAsync(socket, static text => text.Contains("\"result\"", StringComparison.Ordinal))).ShouldContain("\"result\":5");
    }

    [Fact]
    public async Task OtherHostsOfTheSameProcessKeepTheirPorts()
    {
        await using var factory = Start(Server.Kestrel);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseKestrel();
        builder.AddPolywire();
        await using var app = builder.Build();

        var ports = app.Services.GetRequiredService<TestPorts>();

        ports.EndPoint(IPAddress.Any, 8080, usual: 8080).ShouldBe(new IPEndPoint(IPAddress.Any, 8080));
        factory.Services.GetRequiredService<TestPorts>().EndPoint(IPAddress.Any, 8080, usual: 8080).ShouldBe(new IPEndPoint(IPAddress.Loopback, 0));
    }

    [Fact]
    public async Task HostsOfPolywireTestingRunSideBySide()
    {
        static Task<PolywireTestHost> StartAsync() => PolywireTestHost.StartAsync(polywire => polywire.AddSocketServer().AddSockhopServer());
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        var addresses = new[] { first, second }.Select(host => host.Services.GetRequiredService<PolywireAddresses>()).ToArray();

        addresses.SelectMany(address => new[] { address.Socket, address.Sockhop }).OfType<IPEndPoint>().Where(endPoint => IPAddress.IsLoopback(endPoint.Address))
            .Distinct().Count().ShouldBe(4);
    }

    private static WebApplicationFactory<plain::Program> Start(Server server)
    {
        var factory = new WebApplicationFactory<plain::Program>();
        Use(factory, server);
        factory.StartServer();
        return factory;
    }

    private static void Use(WebApplicationFactory<plain::Program> factory, Server server)
    {
        switch (server)
        {
            case Server.Kestrel:
                factory.UseKestrel();
                break;
            case Server.KestrelAnyPort:
                factory.UseKestrel(0);
                break;
            case Server.KestrelInCode:
                factory.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
                break;
        }
    }

    private static async Task AskSocketAsync(EndPoint? endPoint)
    {
        await using var client = await TcpLineClient.ConnectAsync(endPoint.ShouldNotBeNull());
        await client.SendAsync("""{"action":"add","params":{"a":2,"b":3}}""" + "\r\n");
        var line = await client.ReadLineAsync();
        while (!line.Contains("\"response\"", StringComparison.Ordinal))
        {
            line = await client.ReadLineAsync();
        }

        line.ShouldContain("\"result\":5");
    }

    private static async Task AskSockhopAsync(EndPoint? endPoint)
    {
        var ip = endPoint.ShouldBeOfType<IPEndPoint>();
        await using var client = await SockhopClient.ConnectAsync(new SockhopClientOptions { Address = ip.Address, Port = ip.Port }).WithinLimit();

        var reply = await client.RequestAsync("Object", JsonElement.Parse("""{"action":"add","a":2,"b":3}""")).WithinLimit();

        reply.Json.GetProperty("result").GetInt32().ShouldBe(5);
    }

    private static async Task<string> ReadAsync(WebSocket socket, Func<string, bool> isWanted)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var message = new StringBuilder();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), default).WithinLimit();
                part.MessageType.ShouldBe(WebSocketMessageType.Text);
                message.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            }
            while (!part.EndOfMessage);

            if (isWanted(message.ToString()))
            {
                return message.ToString();
            }
        }
    }
}
