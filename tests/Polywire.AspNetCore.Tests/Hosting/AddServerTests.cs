using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Every door is configured by a call of its own.</summary>
public sealed class AddServerTests
{
    [Fact]
    public async Task WhatACallSetsWinsOverTheConfiguration()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Polywire:Web:Port"] = "1001", ["Polywire:Web:Padding"] = "3", ["Polywire:WebSocket:Path"] = "/a", ["Polywire:WebSocket:MaxConnections"] = "7",
            ["Polywire:Socket:Port"] = "1002", ["Polywire:Sockhop:Port"] = "1003",
        });
        builder.AddPolywire()
            .AddWebServer(web => web.Port = 2001)
            .AddWebSocketServer(sockets => sockets.Path = "/b")
            .AddSocketServer(socket => socket.Port = 2002)
            .AddSockhopServer(sockhop => sockhop.Port = 2003)
            .AddWebServer()
            .AddWebSocketServer();
        await using var app = builder.Build();

        (Value<WebOptions>(app).Port, Value<WebOptions>(app).Padding).ShouldBe((2001, 3));
        (Value<WebSocketServerOptions>(app).Path, Value<WebSocketServerOptions>(app).MaxConnections).ShouldBe(("/b", 7));
        (Value<SocketOptions>(app).Port, Value<SockhopTransportOptions>(app).Port).ShouldBe((2002, 2003));
    }

    [Fact]
    public void TheWebNeedsAWebApplication()
    {
        var polywire = Host.CreateEmptyApplicationBuilder(null).AddPolywire();

        Should.Throw<InvalidOperationException>(() => polywire.AddWebServer()).Message.ShouldStartWith("AddWebServer needs a web application");
        Should.Throw<InvalidOperationException>(() => polywire.AddWebSocketServer()).Message.ShouldStartWith("AddWebSocketServer needs a web application");
    }

    private static TOptions Value<TOptions>(WebApplication app)
        where TOptions : class => app.Services.GetRequiredService<IOptions<TOptions>>().Value;
}
