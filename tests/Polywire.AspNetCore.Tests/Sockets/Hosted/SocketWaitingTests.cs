#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>What happens to a connection while one of its lines, or its welcome, is waited for; docs/protocol/socket.md, 4.5 to 4.6 and 9.5.</summary>
public sealed class SocketWaitingTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Big = [.. Enumerable.Range(0, 5 << 20).Select(i => (byte)(i % 251))];

    public static TheoryData<Under> Wires => [Under.Direct, Under.Tls, Under.Kestrel];

    [Theory, MemberData(nameof(Wires))]
    public async Task ResetsAClientThatEndsItsSideAndDoesNotReadItsFile(Under under)
    {
        await using var wire = await WireHost.StartAsync(under, Short);
        MakeHuge(wire.Host);
        await using var client = await wire.ConnectAsync(receiveBufferSize: 4096);
        await client.LineAsync("file huge.bin");
        await client.ReadBytesAsync(1000);
        await client.HalfCloseAsync();

        await wire.Host.WaitForConnectionsAsync(0);
        await Should.ThrowAsync<Exception>(async () => await client.ReadBytesAsync(int.MaxValue));
        (await wire.Host.Logs.WaitForAsync(entry => entry.Message.Contains("huge.bin", StringComparison.Ordinal), Within.Limit)).GetStructuredStateValue("Success").ShouldBe("False");
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task ResetsAClientThatEndsItsSideAndDoesNotReadTheFileOfAnAction(Under under)
    {
        await using var wire = await WireHost.StartAsync(under, Short);
        MakeHuge(wire.Host);
        await using var client = await wire.ConnectAsync(receiveBufferSize: 4096);
        await client.LineAsync("""{"action":"sendFile","params":{"name":"huge.bin"}}""");
        await client.ReadBytesAsync(1000);
        await client.HalfCloseAsync();

        await wire.Host.WaitForConnectionsAsync(0);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task AnswersEveryLineBehindAFile_HoweverManyCameMeanwhile(Under under)
    {
        const int Lines = 200;
        await using var wire = await WireHost.StartAsync(under);
        wire.Host.Folder.Write("public/big.bin", Big);
        await using var client = await wire.ConnectAsync();
        await client.SendAsync("paramView a\nfile big.bin\nparamVi");
        await client.ExpectAsync(Wire.Ok(1));
        var first = await client.ReadBytesAsync(1000);

        // More than is read ahead, in pieces that end anywhere.
        var more = "ew b\n" + string.Concat(Enumerable.Range(0, Lines).Select(i => $"paramView {new string('x', 1000)}{i}\nrandomNumber\n"));
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < more.Length; at += 3001)
            {
                await client.SendAsync(more.Substring(at, Math.Min(3001, more.Length - at)));
            }

            await client.HalfCloseAsync();
        });

        var all = first.Concat(await client.ReadBytesAsync(Big.Length - 1000)).ToArray();
        all.AsSpan().SequenceEqual(Big).ShouldBeTrue();
        await client.ExpectAsync(Wire.Ok(3));
        for (var i = 0; i < Lines; i++)
        {
            await client.ExpectAsync(Wire.Ok(4 + (2 * i)));
            await client.ExpectAsync(Wire.Answer(5 + (2 * i), "\"value\":0.5"));
        }

        await sending.WithinLimit();
        await client.ExpectGoodbyeAsync();
    }

    [Theory, InlineData("04"), InlineData("fff4fffd06")]
    public async Task TakesABreakDuringAFile_ForQuit(string hex)
    {
        await using var wire = await WireHost.StartAsync(Under.Direct);
        wire.Host.Folder.Write("public/big.bin", Big);
        await using var client = await wire.ConnectAsync();
        await client.SendAsync("file big.bin\nparamView a\nparamVi");
        var first = await client.ReadBytesAsync(1000);
        await client.SendAsync(Convert.FromHexString(hex));

        var all = first.Concat(await client.ReadBytesAsync(Big.Length - 1000)).ToArray();
        all.AsSpan().SequenceEqual(Big).ShouldBeTrue();
        await client.ExpectAsync(Wire.Ok(2));
        await client.ExpectGoodbyeAsync();
    }

    [Theory, CombinatorialEnds]
    public async Task SignalsAVerbThatWaits(Under under, End end, string line)
    {
        await using var wire = await StartWithRoomMiddlewareAsync(under, end);
        var client = await wire.ConnectAsync();
        await client.ExpectAsync("roomAdd anotherRoom", Wire.Ok(1, "true"));
        await client.LineAsync(line);
        await wire.Host.Gate("verb").Entered.WithinLimit();

        var stopping = await EndAsync(wire.Host, client, end);

        await wire.Host.Gate("verb").Cancelled.WithinLimit();
        if (end != End.Reset)
        {
            // Over before the end is seen or the other way round: the answer of the verb may come before the goodbye.
            Encoding.UTF8.GetString(await client.ReadToEndAsync()).ShouldEndWith(Wire.Goodbye + "\r\n");
        }

        await client.DisposeAsync();
        await stopping.WithinLimit();
        await wire.Host.WaitForConnectionsAsync(0);
    }

    [Theory, CombinatorialEnds(OneLine = true)]
    public async Task EndsAConnection_ThoughItsVerbNeverDoes(Under under, End end, string line)
    {
        await using var wire = await StartWithRoomMiddlewareAsync(under, end, deaf: true);
        var client = await wire.ConnectAsync();
        await client.LineAsync(line.Replace("anotherRoom", "defaultRoom", StringComparison.Ordinal));
        await wire.Host.Gate("verb").Entered.WithinLimit();

        var stopping = await EndAsync(wire.Host, client, end);

        if (end != End.Reset)
        {
            await client.ExpectGoodbyeAsync();
        }

        await client.DisposeAsync();
        await stopping.WithinLimit();
        await wire.Host.WaitForConnectionsAsync(0);
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task AnswersAClient_ThatEndedItsSideBeforeItWasLetIn(Under under)
    {
        await using var wire = await StartWithDoorAsync(under);
        await using var client = await wire.ConnectRawAsync();
        await client.SendAsync("paramAdd key=1\nparamView key\nhalf");
        await client.HalfCloseAsync();
        await wire.Host.Gate("door").Entered.WithinLimit();

        // One that comes later and is seen to go: the end of the first has been seen by then.
        var later = await wire.ConnectRawAsync();
        await UntilAsync(() => wire.Host.Connections.Count == 2);
        later.Reset();
        await wire.Host.Gate("door").Cancelled.WithinLimit();
        wire.Host.Gate("door").Open();

        await client.ExpectAsync(Wire.Welcome);
        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Ok(2, "\"1\""));
        await client.ExpectGoodbyeAsync();
        await later.DisposeAsync();
    }

    [Theory, MemberData(nameof(Wires))]
    public async Task EndsAConnection_ThoughItIsNeverLetIn(Under under)
    {
        await using var wire = await StartWithDoorAsync(under, deaf: true, Short);
        await using var client = await wire.ConnectRawAsync();
        await client.HalfCloseAsync();
        await client.ExpectGoodbyeAsync();
        await using var other = await wire.ConnectRawAsync();
        await UntilAsync(() => wire.Host.Connections.Count > 0);
        other.Reset();

        await wire.Host.WaitForConnectionsAsync(0);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Within.Limit);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static async Task<Task> EndAsync(SocketHost host, TcpLineClient client, End end)
    {
        switch (end)
        {
            case End.Reset:
                client.Reset();
                return Task.CompletedTask;
            case End.Half:
                await client.HalfCloseAsync();
                return Task.CompletedTask;
            case End.Close:
                return host.Connections.All.Single().CloseAsync().AsTask();
            default:
                return host.StopAsync();
        }
    }

    // Only a client that has ended its side is waited for until the limit, which is also that of the goodbye: on a busy machine a short one
    // resets clients that read.
    private static Task<WireHost> StartWithRoomMiddlewareAsync(Under under, End end, bool deaf = false) =>
        WireHost.StartAsync(under, end == End.Half ? TimeSpan.FromSeconds(1) : null, (host, builder, polywire) =>
        {
            builder.Services.AddSingleton(new RoomDoor(host.Gate("verb"), deaf));
            polywire.UseRoomMiddleware<RoomDoor>();
        });

    private static Task<WireHost> StartWithDoorAsync(Under under, bool deaf = false, TimeSpan? limit = null) =>
        WireHost.StartAsync(under, limit, (host, builder, polywire) =>
        {
            builder.Services.AddSingleton(new Door(host.Gate("door"), deaf));
            polywire.UseConnectionMiddleware<Door>();
        });

    private static void MakeHuge(SocketHost host)
    {
        using var file = File.Create(host.Folder["public/huge.bin"]);
        file.SetLength(1L << 30);
    }

    /// <summary>How a connection ends.</summary>
    public enum End
    {
        Reset,
        Half,
        Close,
        Stop,
    }

    private sealed class CombinatorialEndsAttribute : Xunit.v3.DataAttribute
    {
        public bool OneLine { get; set; }

        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker)
        {
            var rows = new List<ITheoryDataRow>();
            foreach (var under in Enum.GetValues<Under>())
            {
                foreach (var end in Enum.GetValues<End>())
                {
                    rows.Add(new TheoryDataRow<Under, End, string>(under, end, "roomAdd defaultRoom"));
                }
            }

            if (!OneLine)
            {
                rows.Add(new TheoryDataRow<Under, End, string>(Under.Direct, End.Reset, "roomLeave anotherRoom"));
                rows.Add(new TheoryDataRow<Under, End, string>(Under.Direct, End.Reset, "say anotherRoom hello"));
            }

            return new ValueTask<IReadOnlyCollection<ITheoryDataRow>>(rows);
        }

        public override bool SupportsDiscoveryEnumeration() => true;
    }

    // Lets anybody into anotherRoom and holds up everything else.
    private sealed class RoomDoor(Gate gate, bool deaf) : IRoomMiddleware
    {
        public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken)
        {
            if (room != "anotherRoom")
            {
                await PassAsync(cancellationToken);
            }
        }

        public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken)
        {
            // At the end of the connection it is told without a token.
            if (cancellationToken.CanBeCanceled)
            {
                await PassAsync(cancellationToken);
            }
        }

        public async ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken)
        {
            await PassAsync(cancellationToken);
            return default;
        }

        private Task PassAsync(CancellationToken cancellationToken) => deaf ? gate.PassDeafAsync() : gate.PassAsync(cancellationToken);
    }

    private sealed class Door(Gate gate, bool deaf) : IConnectionMiddleware
    {
        public async ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) =>
            await (deaf ? gate.PassDeafAsync() : gate.PassAsync(cancellationToken));
    }
}
