using System.Text;
using Microsoft.Extensions.Configuration;
using Polywire.AspNetCore.WebSockets;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>Settings in the form in which older applications write them.</summary>
public sealed class WebSocketServerOptionsSetupTests
{
    [Fact]
    public void TakesOriginsThatAreOneText() =>
        Read(("Origins", "https://a.example, https://b.example")).Origins.ShouldBe(["https://a.example", "https://b.example"]);

    [Fact]
    public void LeavesAListAlone() => Read(("Origins:0", "https://a.example")).Origins.ShouldBeEmpty("binding reads it");

    [Fact]
    public void TakesTheFormerNameOfThePath()
    {
        Read(("pathname", "/ws")).Path.ShouldBe("/ws");
        Read(("pathname", "/ws"), ("Path", "/other")).Path.ShouldBe("/primus", "binding reads it");
        Read(("server:pathname", "/ws")).Path.ShouldBe("/ws");
        Read(("server:pathname", "/ws"), ("pathname", "/nearer")).Path.ShouldBe("/nearer");
        Read(("server:pathname", "/ws"), ("Path", "/other")).Path.ShouldBe("/primus", "binding reads it");
    }

    [Fact]
    public void TakesOriginsFromTheirFormerPlace()
    {
        Read(("server:origins", "https://a.example,https://b.example")).Origins.ShouldBe(["https://a.example", "https://b.example"]);
        Read(("server:origins:0", "https://a.example"), ("server:origins:1", "https://b.example")).Origins.ShouldBe(["https://a.example", "https://b.example"]);
        Read(("server:origins", "https://a.example"), ("Origins", "https://b.example")).Origins.ShouldBe(["https://b.example"]);
        Read(("server:origins", "https://a.example"), ("Origins:0", "https://b.example")).Origins.ShouldBeEmpty("binding reads it");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("\"one, two\"", "one", "two")]
    [InlineData("[\"one\",\"two\"]", "one", "two")]
    public void TakesAliasesThatAreAnEmptyListOrOneText(string json, params string[] aliases)
    {
        using var settings = new MemoryStream(Encoding.UTF8.GetBytes("""{"Polywire":{"WebSocket":{"ClientJsAliases":""" + json + "}}}"));
        var configuration = new ConfigurationBuilder().AddJsonStream(settings).Build();
        var options = new WebSocketServerOptions();

        configuration.GetSection(WebSocketServerOptionsSetup.Section).Bind(options);
        new WebSocketServerOptionsSetup(configuration).Configure(options);

        options.ClientJsAliases.ShouldBe(aliases);
    }

    [Theory, InlineData("false", false), InlineData("true", true)]
    public void TakesAWordForWhetherClientsReconnect(string text, bool expected) =>
        Read(("client:reconnect", text)).Client.Reconnect.Enabled.ShouldBe(expected);

    private static WebSocketServerOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"Polywire:WebSocket:{pair.Key}", (string?)pair.Value)))
            .Build();
        var options = new WebSocketServerOptions();
        new WebSocketServerOptionsSetup(configuration).Configure(options);
        return options;
    }
}
