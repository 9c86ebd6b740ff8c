using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>How connections begin and end; docs/protocol/socket.md, 3.7 and 4.</summary>
public sealed class SocketLifeTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Fact]
    public async Task SaysWelcomeFirst_EvenToAClientThatSpeaksFirst()
    {
        await using var client = await shared.Host.ConnectRawAsync();
        await client.LineAsync("randomNumber");

        await client.ExpectAsync(Wire.Welcome);
        await client.ExpectAsync(Wire.Answer(1, "\"value\":0.5"));
    }

    [Theory, InlineData("quit"), InlineData("exit")]
    public async Task SaysGoodbyeAndNothingElse_OnQuitAndExit(string verb)
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync($"{verb}\nrandomNumber\nparamsView\n");

        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task AnswersWhatCameBeforeQuit_RunningActionsIncluded()
    {
        await using var client = await shared.ConnectAsync();
        var gate = shared.Host.Gate("quit");
        await client.SendAsync("{\"action\":\"wait\",\"params\":{\"gate\":\"quit\"}}\nrandomNumber\nquit\nrandomNumber\n");
        await client.ExpectAsync(Wire.Answer(2, "\"value\":0.5"));
        await gate.Entered.WithinLimit();
        gate.Open();

        await client.ExpectAsync(Wire.Answer(1, "\"gate\":\"quit\""));
        await client.ExpectGoodbyeAsync();
    }

    [Theory, InlineData("04"), InlineData("fff4fffd06")]
    public async Task TakesAPacketThatIsABreakForQuit_EvenAfterHalfALine(string hex)
    {
        await using var client = await shared.ConnectAsync();

        // The answer tells that the half line behind it has been read, so the break is a packet of its own.
        await client.SendAsync("paramsView\nparamsVi");
        await client.ExpectAsync(Wire.Ok(1, "{}"));
        await client.SendAsync(Convert.FromHexString(hex));

        await client.ExpectGoodbyeAsync();
    }

    [Theory, InlineData("04"), InlineData("fff4fffd06")]
    public async Task TakesABreakAlone_ForQuit(string hex)
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync(Convert.FromHexString(hex));

        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task TakesABreakWithinAPacket_ForText()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendBytesAsync([0x04, .. "\n"u8]);
        await client.ExpectAsync(Wire.Error(1, Wire.Unknown));
        await client.SendBytesAsync([0xff, 0xf4, 0xff, 0xfd, 0x06, .. "\nparamsView\n"u8]);

        await client.ExpectAsync(Wire.Error(2, Wire.Unknown));
        await client.ExpectAsync(Wire.Ok(3, """{"action":"\ufffd\ufffd\ufffd\ufffd\u0006"}""".Replace("\\ufffd", "\ufffd", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DropsALineWithoutItsEnd_WhenTheClientEnds()
    {
        await using var client = await shared.ConnectAsync();
        await client.SendAsync("paramsView\nrandomNumber");
        await client.HalfCloseAsync();

        await client.ExpectAsync(Wire.Ok(1, "{}"));
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task FinishesWhatItWasAsked_AfterTheClientsEnd()
    {
        await using var client = await shared.ConnectAsync();
        var gate = shared.Host.Gate("half");
        await client.SendAsync("{\"action\":\"wait\",\"params\":{\"gate\":\"half\"}}\nrandomNumber\n");
        await client.HalfCloseAsync();
        await client.ExpectAsync(Wire.Answer(2, "\"value\":0.5"));
        gate.Open();

        await client.ExpectAsync(Wire.Answer(1, "\"gate\":\"half\""));
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task GivesUpWaitingAtTheLimit_AfterTheClientsEnd()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.PendingShutdownWaitLimit = TimeSpan.FromMilliseconds(50));
        await using var client = await host.ConnectAsync();
        await client.SendAsync("{\"action\":\"wait\",\"params\":{\"gate\":\"never\",\"deaf\":1}}\n");
        await client.HalfCloseAsync();

        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task SignalsRunningActions_WhenTheClientIsReset()
    {
        await using var host = await SocketHost.StartAsync();
        var client = await host.ConnectAsync();
        await client.LineAsync("{\"action\":\"wait\",\"params\":{\"gate\":\"reset\"}}");
        await host.Gate("reset").Entered.WithinLimit();
        client.Reset();

        await host.Gate("reset").Cancelled.WithinLimit();
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task LeavesItsRooms_HoweverItGoes()
    {
        await using var host = await SocketHost.StartAsync();
        await using var stays = await host.ConnectAsync();
        await stays.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        var goes = new List<TcpLineClient>();
        for (var i = 0; i < 4; i++)
        {
            goes.Add(await host.ConnectAsync());
            await goes[i].ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        }

        await goes[0].LineAsync("quit");
        await goes[1].HalfCloseAsync();
        goes[2].Reset();
        await goes[3].SendAsync(new byte[] { 4 });
        await host.WaitForConnectionsAsync(1);

        (await stays.AskJsonAsync("roomView defaultRoom")).Text("data", "membersCount").ShouldBe("1");
        foreach (var client in goes)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task SaysGoodbye_WhenTheApplicationCloses()
    {
        await using var victim = await shared.ConnectAsync();
        var id = (await victim.AskJsonAsync("detailsView")).Text("data", "id");
        await using var client = await shared.ConnectAsync();

        await client.ExpectAsync($$$"""{"action":"kick","params":{"id":"{{{id}}}"}}""", Wire.Answer(1, "\"kicked\":true"));

        await victim.ExpectGoodbyeAsync();
        shared.Host.Connections.Find(id!).ShouldBeNull();
    }

    [Fact]
    public async Task WritesNothingAfterTheGoodbye_ToAClientWhoseOwnActionClosesIt()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var client = await shared.ConnectAsync();
            await client.SendAsync("kick\nparamsView\n");

            var all = Encoding.UTF8.GetString(await client.ReadToEndAsync());
            all.ShouldEndWith(Wire.Goodbye + "\r\n");
        }
    }

    [Fact]
    public async Task SurvivesPeersThatAreGoneAtOnce()
    {
        await using var host = await SocketHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            (await host.ConnectRawAsync()).Reset();
        }

        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Fact]
    public async Task EndsOnce_HoweverManyReasonsThereAre()
    {
        await using var host = await SocketHost.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var client = await host.ConnectAsync();
            var connection = host.Connections.All.Single();
            var closing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await connection.CloseAsync())));
            await client.SendAsync("quit\n");
            await client.HalfCloseAsync();

            await client.ExpectGoodbyeAsync();
            await closing.WithinLimit();
            connection.IsClosed.ShouldBeTrue();
            await host.WaitForConnectionsAsync(0);
        }
    }

    [Fact]
    public async Task GoesThroughItsEnd_ThoughACallbackOfARunsTokenThrows()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.LineAsync("{\"action\":\"badCallback\",\"params\":{\"gate\":\"callback\"}}");
        await host.Gate("callback").Entered.WithinLimit();

        await host.Connections.All.Single().CloseAsync().WithinLimit();

        await client.ExpectGoodbyeAsync();
        (await host.Rooms.StatusAsync("defaultRoom", TestContext.Current.CancellationToken)).MembersCount.ShouldBe(0);
    }
}
