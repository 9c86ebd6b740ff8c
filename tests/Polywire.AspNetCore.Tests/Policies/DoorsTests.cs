#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>Who may call an action is the same on every door.</summary>
public sealed class DoorsTests
{
    private static readonly string[] Rules = ["attribute", "requirement", "convention", "fallback"];

    [Fact]
    public async Task HoldsOnEveryDoor()
    {
        var cases = 0;
        foreach (var rule in Rules)
        {
            await using var host = await StartAsync(rule);
            await using var line = await host.ConnectAsync();
            await using var peer = await SockhopClient.ConnectAsync(new SockhopClientOptions { UnixSocketPath = host.Folder["sockhop"], HandshakeTimeout = Within.Limit }).WithinLimit();
            await using var socket = await WebSocketClient.ConnectAsync(host, headers: "X-User: carl\r\n");
            var inside = host.Services.GetRequiredService<IActions>();
            (string Door, Func<string, string?, Task<string>> Ask)[] doors =
            [
                ("socket", async (action, user) => await LineAsync(line, action, user)),
                ("sockhop", async (action, user) => await PeerAsync(peer, action, user)),
                ("websocket", async (action, user) => await SocketAsync(socket, action, user)),
                ("inside", (action, user) => user is null ? InsideAsync(() => inside.RunAsync<JsonElement>(action).AsTask()) : InsideAsync(() => inside.RunAsync<JsonElement>("through", new JsonObject { ["action2"] = action, ["user"] = user }).AsTask())),
            ];
            foreach (var (door, ask) in doors)
            {
                foreach (var (user, action, expected) in ((string?, string, string)[])
                [
                    (null, "open", "done"), (null, "shut", "unauthorized"), (null, "staff", "unauthorized"),
                    ("ann", "open", "done"), ("ann", "shut", "done"), ("ann", "staff", "forbidden"),
                    ("bob", "shut", "done"), ("bob", "staff", "done"),
                ])
                {
                    // The WebSocket has somebody from its upgrade on, where the rule asks for that.
                    var isKnown = door == "websocket" && user is null;
                    cases++;
                    (await ask(action, user)).ShouldContain(
                        isKnown && action == "shut" ? "done" : isKnown && action == "staff" ? "forbidden" : expected, Case.Sensitive, $"{rule} on {door}: {action} by {user ?? "nobody"}");
                }
            }
        }

        cases.ShouldBe(Rules.Length * 4 * 8);
    }

    [Theory]
    [InlineData("convention")]
    [InlineData("fallback")]
    public async Task HoldsForTheUpgrade(string rule)
    {
        await using var host = await StartAsync(rule);
        await using var client = await WebSocketClient.ConnectRawAsync(host);

        client.Status.ShouldBe("401");
    }

    [Fact]
    public async Task AsksThePolicysOwnSchemesAtTheUpgrade()
    {
        await using var host = await StartAsync("scheme");
        await using var nobody = await WebSocketClient.ConnectAsync(host);
        await using var forged = await WebSocketClient.ConnectAsync(host, "/primus?token=forged");
        await using var known = await WebSocketClient.ConnectAsync(host, "/primus?token=ann");
        await using var staff = await WebSocketClient.ConnectAsync(host, "/primus?token=bob");
        await using var other = await WebSocketClient.ConnectAsync(host, headers: "X-User: bob\r\n");
        await using var both = await WebSocketClient.ConnectAsync(host, "/primus?token=ann", "X-User: bob\r\n");

        (await SocketAsync(nobody, "shut", null)).ShouldContain("unauthorized");
        (await SocketAsync(forged, "shut", null)).ShouldContain("unauthorized");
        (await SocketAsync(known, "shut", null)).ShouldContain("\"by\":\"ann\"");
        (await SocketAsync(known, "staff", null)).ShouldContain("forbidden");
        (await SocketAsync(staff, "staff", null)).ShouldContain("\"by\":\"bob\"");
        (await SocketAsync(other, "shut", null)).ShouldContain("unauthorized", Case.Sensitive, "the default scheme is not the one that the policy names");
        (await SocketAsync(both, "shut", null)).ShouldContain("\"by\":\"ann\"");
        (await SocketAsync(both, "open", null)).ShouldContain("\"by\":\"bob\"");
        (await SocketAsync(other, "shut", "carl")).ShouldContain("\"by\":\"carl\"", Case.Sensitive, "the application itself has signed somebody in");
        host.Logs.GetSnapshot().ShouldContain(log => log.Level == LogLevel.Debug && log.Message.Contains("Action shut v1 was refused on websocket to nobody known", StringComparison.Ordinal));
        host.Logs.GetSnapshot().ShouldContain(log => log.Level == LogLevel.Debug && log.Message.Contains("the token is forged", StringComparison.Ordinal));
    }

    private static Task<SocketHost> StartAsync(string rule) =>
        SocketHost.StartAsync(
            more: (host, builder, polywire) =>
            {
                polywire.AddSockhopServer(sockhop => sockhop.UnixSocketPath = host.Folder["sockhop"]);
                builder.Services.AddAuthentication(HeaderScheme.Default)
                    .AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Default, null)
                    .AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Token, null);
                builder.Services.AddAuthorization(options =>
                {
                    options.AddPolicy("known", policy => policy.AddAuthenticationSchemes(HeaderScheme.Token).RequireAuthenticatedUser());
                    options.AddPolicy("staff", policy =>
                    {
                        policy.RequireUserName("bob");
                        if (rule == "scheme")
                        {
                            policy.AddAuthenticationSchemes(HeaderScheme.Token);
                        }
                    });
                    options.FallbackPolicy = rule == "fallback" ? options.DefaultPolicy : null;
                });
                Map(polywire, "open", new AllowAnonymousAttribute());
                Map(polywire, "shut", rule switch
                {
                    "attribute" => [new AuthorizeAttribute()],
                    "requirement" => [new KnownAttribute()],
                    "scheme" => [new AuthorizeAttribute("known")],
                    _ => [],
                });
                Map(polywire, "staff", new AuthorizeAttribute("staff"));
                polywire.MapDynamicAction("become", inputs => inputs.Required("name"), (context, _) =>
                {
                    context.Connection.User = User(context.Params.GetText("name")!);
                    return Task.CompletedTask;
                }).WithMetadata(new AllowAnonymousAttribute());
                polywire.MapDynamicAction("through", inputs => inputs.Required("action2").Optional("user"), async (context, _) =>
                {
                    context.Connection.User = User(context.Params.GetText("user")!);
                    context.Response["inner"] = await context.Services.GetRequiredService<IActions>().RunAsync<JsonElement>(context, context.Params.GetText("action2")!);
                }).WithMetadata(new AllowAnonymousAttribute());
            },
            map: app =>
            {
                if (rule == "convention")
                {
                    app.MapPolywire().RequireAuthorization();
                }
            });

    private static void Map(IPolywireBuilder polywire, string name, params object[] metadata) =>
        polywire.MapDynamicAction(name, _ => { }, (context, _) =>
        {
            (context.Response["done"], context.Response["by"]) = (true, context.User.Identity?.Name);
            return Task.CompletedTask;
        }).WithMetadata(metadata);

    private static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));

    private static async Task<string> LineAsync(TcpLineClient client, string action, string? user)
    {
        if (user is not null)
        {
            await client.SendAsync($$$"""{"action":"become","params":{"name":"{{{user}}}"}}""" + "\r\n");
            await client.ReadLineAsync();
        }

        await client.SendAsync($$"""{"action":"{{action}}"}""" + "\r\n");
        return await client.ReadLineAsync();
    }

    private static async Task<string> SocketAsync(WebSocketClient client, string action, string? user)
    {
        if (user is not null)
        {
            await client.SendAsync($$$"""{"event":"action","params":{"action":"become","name":"{{{user}}}"}}""");
            await client.ReadAsync();
        }

        await client.SendAsync($$$"""{"event":"action","params":{"action":"{{{action}}}"}}""");
        return await client.ReadAsync();
    }

    private static async Task<string> PeerAsync(SockhopClient client, string action, string? user)
    {
        if (user is not null)
        {
            await client.RequestAsync("Object", JsonElement.Parse($$"""{"action":"become","name":"{{user}}"}""")).WithinLimit();
        }

        var reply = await client.RequestAsync("Object", JsonElement.Parse($$"""{"action":"{{action}}"}""")).WithinLimit();
        return reply.Json.GetRawText();
    }

    private static async Task<string> InsideAsync(Func<Task<JsonElement>> run)
    {
        try
        {
            return (await run()).GetRawText();
        }
        catch (ActionException refusal)
        {
            return refusal.Message;
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class KnownAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new Microsoft.AspNetCore.Authorization.Infrastructure.DenyAnonymousAuthorizationRequirement()];
    }
}
