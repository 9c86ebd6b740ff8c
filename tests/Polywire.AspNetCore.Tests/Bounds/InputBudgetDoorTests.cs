#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Bounds;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>What all peers together make the process hold.</summary>
public sealed class InputBudgetDoorTests
{
    private const int Budget = 512 * 1024;
    private static readonly Door[] Doors = Enum.GetValues<Door>();

    [Theory]
    [InlineData(Door.Socket, false)]
    [InlineData(Door.Socket, true)]
    [InlineData(Door.WebSocket, false)]
    [InlineData(Door.Sockhop, false)]
    [InlineData(Door.Web, false)]
    public async Task EndsTheOneThatHoldsMost_InTheWordsOfItsDoor(Door door, bool tls)
    {
        await using var host = await DoorHost.StartAsync(Patient, tls: tls);
        var polite = await OpenAllAsync(host);
        foreach (var client in polite)
        {
            await client.BeginAsync(20_000);
        }

        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes > 4 * 16_000, "the polite ones are counted");
        await using var greedy = await host.OpenAsync(door);
        var sending = greedy.BeginAsync(2 * Budget);
        var end = await greedy.ReadEndAsync();
        await Task.WhenAny(sending);

        switch (door)
        {
            case Door.Socket:
                end.ShouldBe($$"""{"error":"the server holds too much unfinished input (MaxBufferedInput)","context":"api"}{{"\r\n"}}{{Wire.Goodbye}}{{"\r\n"}}""");
                break;
            case Door.WebSocket:
                end.ShouldBe("the server holds too much unfinished input (MaxBufferedInput)");
                break;
            case Door.Web:
                end.ShouldContain("the server holds too much unfinished input (MaxBufferedInput)");
                break;
        }

        foreach (var client in polite)
        {
            (await client.FinishAsync()).ShouldContain("\"v\"", customMessage: $"{client.Door} while {door} is greedy");
            await client.DisposeAsync();
        }

        host.Host.Logs.GetSnapshot().ShouldContain(entry =>
            entry.Level == LogLevel.Warning && entry.Message.Contains("Polywire:MaxBufferedInput (524288 bytes)", StringComparison.Ordinal));
        await greedy.DisposeAsync();
        await DoorHost.UntilAsync(() => host.Budget.Accounts == 0, "everything was given back");
        host.Budget.ChargedBytes.ShouldBe(0);
    }

    /// <summary>It holds most, and sends nothing that it could be told at.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\r\n--b\r\nContent-Disposition: form-data; name=file; filename=f\r\n\r\nbeginning")]
    public async Task EndsAFormThatStandsStill(string more)
    {
        await using var host = await DoorHost.StartAsync(Patient);
        await using var form = await TcpLineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Host.Http.BaseAddress!.Port));
        await form.SendAsync(
            $"POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {2 * Budget}\r\n\r\n"
            + $"--b\r\nContent-Disposition: form-data; name=key\r\n\r\n{new string('x', Budget * 5 / 8)}{more}");
        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes > Budget / 2, "the form is counted");
        await using var other = await host.OpenAsync(Door.Socket);
        await other.BeginAsync(Budget / 2);

        (await form.ReadLineAsync()).ShouldStartWith("HTTP/1.1 503 ");
        (await other.FinishAsync()).ShouldContain("\"v\"");
    }

    [Fact]
    public async Task CountsTheBuffersOfAForm_HoweverLittleOfItHasCome()
    {
        await using var host = await DoorHost.StartAsync(Patient);
        await using (var form = await TcpLineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Host.Http.BaseAddress!.Port)))
        {
            await form.SendAsync(
                "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n");

            await DoorHost.UntilAsync(() => host.Budget.ChargedBytes >= 128 * 1024, "the buffers are counted");
        }

        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes == 0, "the buffers were given back");
    }

    [Theory]
    [InlineData(Door.Socket)]
    [InlineData(Door.Sockhop)]
    public async Task CountsWhatSticks(Door door)
    {
        await using var host = await DoorHost.StartAsync(Patient);
        await using var modest = await host.OpenAsync(door);
        await using var greedy = await host.OpenAsync(door);
        await modest.StickAsync(Budget / 16);
        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes >= Budget / 16, "the modest one is counted");
        var sending = greedy.StickAsync(Budget);
        await greedy.ReadEndAsync();
        await Task.WhenAny(sending);
        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes <= Budget / 2, "what stuck was let go");

        await host.Host.WaitForConnectionsAsync(1);
    }

    [Fact]
    public async Task AThousandHalfMessagesKeepNobodyOut()
    {
        await using var host = await DoorHost.StartAsync(Patient);
        var polite = await OpenAllAsync(host);
        foreach (var client in polite)
        {
            await client.BeginAsync(2000);
        }

        var greedy = new List<DoorClient>();
        for (var i = 0; i < 1000; i += 20)
        {
            var some = await Task.WhenAll(Enumerable.Range(i, 20).Select(async n =>
            {
                var client = await host.OpenAsync(Doors[n % Doors.Length]);
                try
                {
                    await client.BeginAsync(20_000 + (n % 7 * 1000));
                }
                catch (IOException)
                {
                    // Ended already.
                }

                return client;
            }));
            greedy.AddRange(some);
        }

        await DoorHost.UntilAsync(() => host.Budget.ChargedBytes <= Budget, "the greedy ones have let go");
        foreach (var client in polite)
        {
            (await client.FinishAsync()).ShouldContain("\"v\"", customMessage: $"{client.Door}");
            (await client.AskAsync()).ShouldContain("\"v\"", customMessage: $"{client.Door}");
            await client.DisposeAsync();
        }

        await Task.WhenAll(greedy.Select(client => client.DisposeAsync().AsTask()));
        await DoorHost.UntilAsync(() => host.Budget.Accounts == 0, "everything was given back");
        host.Budget.ChargedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task GivesBackHoweverConnectionsEnd()
    {
        await using var host = await DoorHost.StartAsync(options => options.MaxBufferedInput = 64 * Budget);
        var random = new Random(TestSupport.Seed.Value);
        for (var round = 0; round < 60; round++)
        {
            var client = await host.OpenAsync(Doors[round % Doors.Length]);
            await client.BeginAsync(random.Next(100_000));
            switch (random.Next(3))
            {
                case 0:
                    await client.FinishAsync();
                    break;
                case 1 when client.Door != Door.Web && host.Host.Connections.All.FirstOrDefault() is { } connection:
                    await connection.CloseAsync();
                    break;
            }

            await client.DisposeAsync();
        }

        await DoorHost.UntilAsync(() => host.Budget.Accounts == 0, $"everything was given back, seed {TestSupport.Seed.Value}");
        host.Budget.ChargedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task MessagesThatComeWholeOpenNoAccount()
    {
        await using var host = await DoorHost.StartAsync();
        foreach (var door in Doors)
        {
            await using var client = await host.OpenAsync(door);
            (await client.AskAsync()).ShouldContain("\"v\"");
        }

        InputBudget.ChargeFor(InputBudget.FreeBytes).ShouldBe(0);
        host.Budget.ChargedBytes.ShouldBe(0);
    }

    // A busy machine takes its time for all of them.
    private static void Patient(PolywireOptions options) => (options.MaxBufferedInput, options.MessageTimeout) = (Budget, TimeSpan.Zero);

    private static async Task<List<DoorClient>> OpenAllAsync(DoorHost host)
    {
        var clients = new List<DoorClient>();
        foreach (var door in Doors)
        {
            clients.Add(await host.OpenAsync(door));
        }

        return clients;
    }
}
