#pragma warning disable xUnit1051 // Every wait is bounded by the peer.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>What a client cannot see of a verb is the same on every door too.</summary>
public sealed class VerbsOnEveryDoorTests
{
    public static TheoryData<string> Doors => [.. Peer.Doors];

    public static TheoryData<string, string> Waits
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var door in Peer.Doors)
            {
                data.Add(door, "roomAdd");
                data.Add(door, "roomLeave");
                data.Add(door, "say");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task AVerbThatWaitsEndsWithItsPeer(string door, string verb)
    {
        await using var host = await StartAsync((host, builder, polywire) =>
        {
            builder.Services.AddSingleton(new Doorman(host.Gate("room"), verb));
            polywire.UseRoomMiddleware<Doorman>();
        });
        await using var peer = await Peer.OpenAsync(host, door);
        if (verb != "roomAdd")
        {
            await peer.SeeAsync(Ask.Verb("roomAdd", ("room", "defaultRoom")));
        }

        _ = peer.SendAsync(Ask.Verb(verb, ("room", "defaultRoom"), ("message", "hello")));
        await host.Gate("room").Entered.WithinLimit();
        await peer.LeaveAsync();

        await host.Gate("room").Cancelled.WithinLimit();
        await host.WaitForConnectionsAsync(0);
        (await host.Rooms.StatusAsync("defaultRoom")).MembersCount.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task LogsTheWordThatWasSent(string door)
    {
        await using var host = await StartAsync((_, _, _) => { });
        var known = new List<string>();
        foreach (var verb in VerbTable.Names)
        {
            await using var peer = await Peer.OpenAsync(host, door);
            var seen = await peer.SeeAsync(Ask.Verb(verb, ("room", "defaultRoom"), ("message", "hello")));
            if (seen != Peer.Nothing && !seen.StartsWith("error:verb not found", StringComparison.Ordinal))
            {
                known.Add($"[server: {peer.Connection.Type}] verb to={peer.Connection.RemoteIP} verb={verb}");
            }
        }

        Logged(host, EventIds.VerbPerformed).Select(log => log.Message).ShouldBe(known);
        known.Count.ShouldBe(door switch
        {
            Peer.WebSocket => 9,
            Peer.Inside => 11,
            _ => 14,
        });
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task LogsTheWordThatFailed(string door)
    {
        await using var host = await StartAsync((host, builder, polywire) =>
        {
            host.ExpectedErrors = log => log.Id.Id == EventIds.VerbFailed;
            polywire.UseRoomMiddleware<Broken>();
        });
        await using var peer = await Peer.OpenAsync(host, door);

        await peer.SeeAsync(Ask.Verb("roomAdd", ("room", "defaultRoom")));

        Logged(host, EventIds.VerbFailed).ShouldHaveSingleItem().Message
            .ShouldStartWith($"Verb roomAdd failed on {peer.Connection.Type} ");
    }

    [Theory]
    [InlineData(Peer.Tcp)]
    [InlineData(Peer.WebSocket)]
    [InlineData(Peer.Sockhop)]
    public async Task LogsAnAnswerThatIsTooLarge(string door)
    {
        await using var host = await StartAsync((_, _, _) => { }, options => options.MaxQueueLength = 50_000);
        host.ExpectedErrors = log => log.Id.Id == EventIds.AnswerTooLarge;
        await using var peer = await Peer.OpenAsync(host, door);

        (await peer.SeeAsync(Ask.Action("long"))).ShouldBe("error:the answer is too large");

        var log = Logged(host, EventIds.AnswerTooLarge).ShouldHaveSingleItem();
        log.Level.ShouldBe(LogLevel.Error);
        log.Message.ShouldStartWith("The answer of action long v1 has 100");
    }

    // Numbers of events are their category's own.
    private static IEnumerable<FakeLogRecord> Logged(SocketHost host, int id) =>
        host.Logs.GetSnapshot().Where(log => log.Id.Id == id && log.Category!.StartsWith("Polywire.", StringComparison.Ordinal));

    private static Task<SocketHost> StartAsync(
        Action<SocketHost, Microsoft.AspNetCore.Builder.WebApplicationBuilder, IPolywireBuilder> more, Action<PolywireOptions>? options = null) =>
        SocketHost.StartAsync(polywire: options, more: (host, builder, polywire) =>
        {
            Peer.Map(host, polywire);
            more(host, builder, polywire);
        });

    // Holds up one verb.
    private sealed class Doorman(Gate gate, string verb) : IRoomMiddleware
    {
        public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
            await PassAsync("roomAdd", cancellationToken);

        // At the end of the connection it is told without a token.
        public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
            await (cancellationToken.CanBeCanceled ? PassAsync("roomLeave", cancellationToken) : Task.CompletedTask);

        public async ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken)
        {
            await PassAsync("say", cancellationToken);
            return default;
        }

        private Task PassAsync(string held, CancellationToken cancellationToken) =>
            held == verb ? gate.PassAsync(cancellationToken) : Task.CompletedTask;
    }

    private sealed class Broken : IRoomMiddleware
    {
        public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("secret words");
    }
}
