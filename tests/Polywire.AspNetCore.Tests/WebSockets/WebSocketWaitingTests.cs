#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>What happens to a connection while its welcome or a verb is waited for; docs/protocol/websocket.md, "Requests".</summary>
public abstract class WebSocketWaitingTests(Under under) : WebSocketLifeTests(under)
{
    /// <inheritdoc/>
    public sealed class Direct() : WebSocketWaitingTests(Under.Direct);

    /// <inheritdoc/>
    public sealed class Tls() : WebSocketWaitingTests(Under.Tls);

    /// <inheritdoc/>
    public sealed class Kestrel() : WebSocketWaitingTests(Under.Kestrel);

    [Fact]
    public async Task SaysTheWelcomeFirst_WhateverComesMeanwhile()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync<Doorman>("door", time);
        await using var client = await WebSocketClient.ConnectRawAsync(
            host, behind: ClientFrame.Message("""{"event":"action","params":{"action":"randomNumber"},"messageId":1}"""));
        await host.Gate("door").Entered.WithinLimit();

        // Three intervals without a word, in which nobody is asked for one either.
        AdvanceIntervals(time, 3);

        host.Gate("door").Open();

        (await client.ReadAsync()).ShouldStartWith("{\"welcome\":");
        (await client.ReadAsync()).ShouldBe("""{"hint":"wait","context":"alert"}""");
        (await client.ReadJsonAsync()).GetProperty("message").GetString().ShouldBe("somebody comes");
        (await client.ReadAsync()).ShouldBe("""{"value":0.5,"context":"response","messageId":1}""");
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("end")]
    [InlineData("close")]
    [InlineData("stop")]
    public async Task Ends_ThoughTheWelcomeOrAVerbNeverDoes(string end)
    {
        await using var host = await StartAsync<DeafDoor>("verb");
        await using var client = await WebSocketClient.ConnectAsync(host);
        await client.SendAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");
        await host.Gate("verb").Entered.WithinLimit();

        var stopping = Task.CompletedTask;
        switch (end)
        {
            case "reset":
                client.Tcp.Reset();
                break;
            case "end":
                await client.Tcp.HalfCloseAsync();
                break;
            case "close":
                await host.Connections.All.Single().CloseAsync();
                (await client.ReadCloseAsync()).Code.ShouldBe(4000);
                break;
            default:
                stopping = host.StopAsync();
                (await client.ReadCloseAsync()).Code.ShouldBe(1001);
                await client.SendAsync(ClientFrame.Closing(1001));
                break;
        }

        await stopping.WithinLimit();
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task TellsAVerbThatItsClientIsGone()
    {
        await using var host = await StartAsync<Door>("verb");
        await using var client = await WebSocketClient.ConnectAsync(host);
        await client.SendAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":1}""");
        await host.Gate("verb").Entered.WithinLimit();

        client.Tcp.Reset();

        await host.Gate("verb").Cancelled.WithinLimit();
    }

    [Fact]
    public async Task AnswersWhatCameMeanwhile_InItsOrder()
    {
        await using var host = await StartAsync<Door>("verb");
        await using var client = await WebSocketClient.ConnectAsync(host);
        await client.SendAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":"first"}""");
        await host.Gate("verb").Entered.WithinLimit();

        // More than is read ahead.
        var sending = Task.Run(async () =>
        {
            for (var i = 1; i <= 200; i++)
            {
                await client.SendAsync($$"""{"event":"nope","x":"{{new string('x', 1000)}}","messageId":{{i}}}""");
            }
        });
        host.Gate("verb").Open();

        (await client.ReadAsync()).ShouldContain("\"messageId\":\"first\"");
        for (var i = 1; i <= 200; i++)
        {
            (await client.ReadAsync()).ShouldEndWith($"\"messageId\":{i}}}");
        }

        await sending.WithinLimit();
    }

    [Fact]
    public async Task CallsNobodySilentWhomItDoesNotRead()
    {
        var time = new ManualTimeProvider();
        await using var host = await StartAsync<Door>("verb", time);
        await using var client = await WebSocketClient.ConnectAsync(host);
        await client.SendAsync("""{"event":"roomAdd","room":"defaultRoom","messageId":"first"}""");
        await host.Gate("verb").Entered.WithinLimit();
        for (var i = 0; i < 100; i++)
        {
            // More than is read ahead.
            await client.SendAsync($$"""{"event":"nope","x":"{{new string('x', 1000)}}"}""");
        }

        await Until.TrueAsync(() => ((StreamConnection)host.Connections.All.Single()).IsNotReading);
        for (var i = 0; i < 4; i++)
        {
            AdvanceIntervals(time);
            (await client.ReadFrameAsync()).First.ShouldBe((byte)0x89);
        }

        host.Gate("verb").Open();
        (await client.ReadAsync()).ShouldContain("\"messageId\":\"first\"");
    }

    private Task<SocketHost> StartAsync<TDoor>(string gate, TimeProvider? time = null)
        where TDoor : class, IRoomMiddleware, IConnectionMiddleware =>
        StartAsync(
            options => options.PingInterval = time is null ? TimeSpan.Zero : Interval,
            time,
            options => options.PendingShutdownWaitLimit = TimeSpan.FromMilliseconds(100),
            (host, builder, polywire) =>
            {
                builder.Services.AddSingleton(host.Gate(gate));
                polywire.UseConnectionMiddleware<TDoor>().UseRoomMiddleware<TDoor>();
            });

    private class Door(Gate gate) : IRoomMiddleware, IConnectionMiddleware
    {
        public virtual ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
            new(gate.PassAsync(cancellationToken));
    }

    private sealed class DeafDoor(Gate gate) : Door(gate)
    {
        private readonly Gate _gate = gate;

        public override ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) => new(_gate.PassDeafAsync());
    }

    // Talks to whom it has not let in yet.
    private sealed class Doorman(Gate gate, IServiceProvider services) : IRoomMiddleware, IConnectionMiddleware
    {
        public async ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            await connection.SendAsync(new Dictionary<string, string> { ["hint"] = "wait", ["context"] = "alert" }, cancellationToken);
            var rooms = services.GetRequiredService<IRooms>();
            await rooms.AddAsync(connection, "defaultRoom", cancellationToken);
            await rooms.SayAsync("defaultRoom", "somebody comes", cancellationToken);
            await gate.PassAsync(cancellationToken);
        }
    }
}
