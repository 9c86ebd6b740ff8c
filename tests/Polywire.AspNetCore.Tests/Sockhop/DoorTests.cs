#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Sockhop;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockhop;

public class DoorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunsActionsVerbsAndRooms(bool compatibility)
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host, compatibility);
        var said = new TaskCompletionSource<JsonElement>();
        client.On<JsonElement>((message, _, _) =>
        {
            if (message.TryGetProperty("message", out _))
            {
                said.TrySetResult(message.Clone());
            }
        });

        var answer = await AskAsync(client, """{"action":"sleepTest","sleepDuration":1,"messageId":"m"}""");
        var unknown = await AskAsync(client, """{"action":"nothing"}""");
        var wrapped = await AskAsync(client, """{"event":"action","params":{"action":"randomNumber"},"messageId":4}""");
        var joined = await client.RequestAsync("roomAdd", JsonSerializer.SerializeToElement("lobby")).WithinLimit();
        await AskAsync(client, """{"event":"say","room":"lobby","message":"hello"}""");
        var view = await AskAsync(client, """{"event":"roomView","room":"lobby"}""");
        var details = await AskAsync(client, """{"event":"detailsView"}""");

        answer["sleepDuration"]!.GetValue<int>().ShouldBe(1);
        answer["messageId"]!.GetValue<string>().ShouldBe("m");
        unknown["error"]!.GetValue<string>().ShouldBe("unknown action or invalid apiVersion");
        wrapped["messageId"]!.GetValue<int>().ShouldBe(4);
        wrapped["randomNumber"].ShouldNotBeNull();
        joined.Json.GetProperty("data").GetBoolean().ShouldBeTrue();
        (await said.Task.WithinLimit()).GetProperty("message").GetString().ShouldBe("hello");
        view["data"]!["membersCount"]!.GetValue<int>().ShouldBe(1);
        details["data"]!["remoteIP"]!.GetValue<string>().ShouldBe("unix");
    }

    [Fact]
    public async Task KeepsParamsAndRefusesWhatIsNoRequest()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);

        await AskAsync(client, """{"event":"paramAdd","key":"key","value":"v"}""");
        var view = await AskAsync(client, """{"event":"paramView","key":"key"}""");
        var text = await client.RequestAsync("words").WithinLimit();
        var bytes = await client.RequestAsync(new byte[] { 1 }).WithinLimit();

        view["data"]!.GetValue<string>().ShouldBe("v");
        text.Json.GetProperty("error").GetString().ShouldBe("unknown action or invalid apiVersion");
        bytes.Json.GetProperty("error").GetString().ShouldBe("unknown action or invalid apiVersion");
    }

    [Fact]
    public async Task TakesATextForTheParam()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        await AskAsync(client, """{"event":"paramAdd","key":"key","value":"v"}""");

        var view = await client.RequestAsync("paramView", JsonSerializer.SerializeToElement("key")).WithinLimit();
        await client.RequestAsync("paramAdd", JsonSerializer.SerializeToElement("key")).WithinLimit();
        var removed = await client.RequestAsync("paramView", JsonSerializer.SerializeToElement("key")).WithinLimit();

        view.Json.GetProperty("data").GetString().ShouldBe("v");
        removed.Json.GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task AnswersWhatRunsBeforeItStops()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        var running = client.RequestAsync<JsonElement>(JsonNode.Parse("""{"action":"sleepTest","sleepDuration":300}""")!);
        await Until.TrueAsync(() => host.Connections.All.Sum(connection => connection.PendingActions) == 1);

        await host.Services.GetRequiredService<SockhopDoor>().StoppingAsync(default);

        (await running.WithinLimit()).GetProperty("sleepDuration").GetInt32().ShouldBe(300);
    }

    [Fact]
    public async Task EndsAConnectionOfHttp_AndWarnsOnce()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var client = await TcpLineClient.ConnectAsync(host.Services.GetRequiredService<SockhopDoor>().EndPoint!);
            await client.SendAsync("POST / HTTP/1.1\r\n\r\n{\"type\":\"Object\",\"data\":{\"action\":\"randomNumber\"},\"id\":\"1\"}\n");
            System.Text.Encoding.UTF8.GetString(await client.ReadToEndAsync()).ShouldNotContain("callback_id");
        }

        await host.WaitForConnectionsAsync(0);
        host.Logs.GetSnapshot().Where(log => log.Id.Id == ServerEventIds.HttpAtAnotherDoor).ShouldHaveSingleItem().Message.ShouldContain("Sockhop server");
        host.Logs.GetSnapshot().ShouldNotContain(log => log.Message.StartsWith("[ action", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LeavesTheRoomsWhenThePeerGoes()
    {
        await using var host = await StartAsync();
        await using (var client = await ConnectAsync(host))
        {
            await AskAsync(client, """{"event":"roomAdd","room":"lobby"}""");
            (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);
        }

        await Until.TrueAsync(() => !host.Connections.All.Any());

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task DropsAPeerThatDoesNotRead_AndHurtsNobodyElse()
    {
        await using var host = await SocketHost.StartAsync(
            polywire: options => options.MaxQueueLength = 64 * 1024,
            more: (host, _, polywire) => polywire.AddBuiltInActions().AddRooms("lobby").AddSockhopServer(sockhop =>
                (sockhop.UnixSocketPath, sockhop.CompatibilityMode) = (host.Folder["sockhop"], true)));
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
        await using var quick = await ConnectAsync(host, compatibility: true);
        using var heard = new SemaphoreSlim(0);
        quick.On<JsonElement>((message, _, _) => heard.Release());
        await Until.TrueAsync(() => host.Connections.Count == 2);
        foreach (var connection in host.Connections.All)
        {
            await host.Rooms.AddAsync(connection, "lobby");
        }

        var text = new string('x', 32 * 1024);
        for (var said = 0; host.Connections.Count == 2; said++)
        {
            // Each message waits for the quick one, so that only the slow one falls behind.
            await host.Rooms.SayAsync("lobby", text);
            (await heard.WaitAsync(Within.Limit)).ShouldBeTrue();
            said.ShouldBeLessThan(2000, "the slow reader was never dropped");
        }

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(1);
        (await AskAsync(quick, """{"action":"randomNumber"}"""))["randomNumber"].ShouldNotBeNull();
    }

    [Fact]
    public async Task LogsWhatItRefusesAndCannotRead()
    {
        await using var host = await SocketHost.StartAsync(more: (host, _, polywire) =>
            polywire.AddSockhopServer(sockhop => (sockhop.UnixSocketPath, sockhop.MaxConnections) = (host.Folder["sockhop"], 1)));
        using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await peer.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
        (await peer.ReceiveAsync(new byte[1000]).WithinLimit()).ShouldBeGreaterThan(0);
        using var second = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await second.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
        (await second.ReceiveAsync(new byte[1000]).WithinLimit()).ShouldBe(0);
        await peer.SendAsync("no message\n"u8.ToArray()).WithinLimit();

        await host.Logs.WaitForAsync(log => log.Message.Contains("MaxConnections (1)", StringComparison.Ordinal), Within.Limit);
        await host.Logs.WaitForAsync(log => log.Message.Contains("ERR_OBJECTBUFFER_BAD_BUFFER_DATA", StringComparison.Ordinal), Within.Limit);
    }

    [Fact]
    public async Task TellsOnceOfPeersThatKnowNoHandshake()
    {
        await using var host = await SocketHost.StartAsync(more: (host, _, polywire) => polywire.AddSockhopServer(sockhop =>
            (sockhop.UnixSocketPath, sockhop.HandshakeTimeout) = (host.Folder["sockhop"], TimeSpan.FromMilliseconds(20))));
        var ended = 0;
        host.Services.GetRequiredService<SockhopDoor>().Server.HandshakeCompleted += (_, _) => Interlocked.Increment(ref ended);

        for (var peers = 1; peers <= 2; peers++)
        {
            // As 1.x does, which answers nothing that its application does not.
            using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await peer.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
            await Until.TrueAsync(() => Volatile.Read(ref ended) == peers);
        }

        var told = host.Logs.GetSnapshot().Where(log => log.Message.Contains("CompatibilityMode", StringComparison.Ordinal)).ShouldHaveSingleItem();
        told.Level.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Warning);
        told.Message.ShouldContain("HandshakeTimeout");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SpeaksOnAnEndpointOfTheApplicationToo(bool compatibility)
    {
        await using var host = await SocketHost.StartAsync(more: (host, builder, polywire) =>
        {
            polywire.AddBuiltInActions().AddSockhopServer(sockhop => sockhop.Enabled = false);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0);
                kestrel.ListenUnixSocket(host.Folder["sockhop"], listen => listen.UsePolywireSockhop());
            });
        });
        await using var client = await ConnectAsync(host, compatibility);

        // Longer than the pieces in which Kestrel keeps what it received.
        var words = new string('x', 200_000);
        await AskAsync(client, $$"""{"event":"paramAdd","key":"key","value":"{{words}}"}""");
        var view = await AskAsync(client, """{"event":"paramView","key":"key"}""");

        view["data"]!.GetValue<string>().ShouldBe(words);
    }

    [Fact]
    public void NamesThePathThatIsTooLongForASocket() =>
        new SockhopTransportOptionsValidator().Validate(null, new SockhopTransportOptions { UnixSocketPath = new string('p', 200) })
            .FailureMessage.ShouldStartWith("Polywire:Sockhop:UnixSocketPath");

    [Fact]
    public async Task WarnsOfOneRefusedConnection_AndNotOfEach()
    {
        await using var host = await SocketHost.StartAsync(more: (host, _, polywire) => polywire.AddBuiltInActions().AddSockhopServer(sockhop =>
        {
            sockhop.UnixSocketPath = host.Folder["sockhop"];
            sockhop.MaxConnections = 1;
        }));
        await using var client = await ConnectAsync(host);

        for (var i = 0; i < 3; i++)
        {
            using var refused = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await refused.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
            await Until.TrueAsync(() => host.Logs.GetSnapshot().Count(log => log.Message.Contains("A Sockhop connection was refused", StringComparison.Ordinal)) == i + 1);
        }

        host.Logs.GetSnapshot().Where(log => log.Message.Contains("A Sockhop connection was refused", StringComparison.Ordinal)).Select(log => log.Level)
            .ShouldBe([Microsoft.Extensions.Logging.LogLevel.Warning, Microsoft.Extensions.Logging.LogLevel.Debug, Microsoft.Extensions.Logging.LogLevel.Debug]);
    }

    private static Task<SocketHost> StartAsync() => SocketHost.StartAsync(more: (host, _, polywire) =>
        polywire.AddBuiltInActions().AddRooms("lobby").AddSockhopServer(sockhop => sockhop.UnixSocketPath = host.Folder["sockhop"]));

    private static async Task<SockhopClient> ConnectAsync(SocketHost host, bool compatibility = false) =>
        await SockhopClient.ConnectAsync(new SockhopClientOptions
        {
            UnixSocketPath = host.Folder["sockhop"],
            CompatibilityMode = compatibility,
            HandshakeTimeout = Within.Limit,
        }).WithinLimit();

    private static async Task<JsonNode> AskAsync(SockhopClient client, string json)
    {
        var reply = await client.RequestAsync("Object", JsonElement.Parse(json)).WithinLimit();
        return JsonNode.Parse(reply.Utf8Json.Span)!;
    }
}
