using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>core.md 7 across two nodes that share presence and backplane.</summary>
public class RoomsOfTwoNodesTests : HostTest
{
    private readonly SharedCluster _cluster = new();

    [Fact]
    public async Task R16_MembersOfBothNodesHearOnce()
    {
        var (_, alice, _, bob) = await PairAsync();

        await alice.SayAsync("lobby", "from one");
        await bob.SayAsync("lobby", "from two");

        await Until.TrueAsync(() => alice.Messages.Count == 2 && bob.Messages.Count == 2);
        alice.Messages.Select(message => (message.Text, message.From)).ShouldBe([("from one", alice.Id), ("from two", bob.Id)], ignoreOrder: true);
        bob.Messages.Select(message => message.ToString()).ShouldBe(alice.Messages.Select(message => message.ToString()), ignoreOrder: true);
    }

    [Fact]
    public async Task TheServerOfOneNodeIsHeardOnBoth()
    {
        var (one, alice, _, bob) = await PairAsync();

        await one.Rooms.SayAsync("lobby", new { a = 1 });

        (await alice.NextMessageAsync()).Text.ShouldBe("""{"a":1}""");
        (await bob.NextMessageAsync()).Text.ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task R13_BothNodesShowAllMembers()
    {
        var (one, alice, two, bob) = await PairAsync();

        (await one.Rooms.StatusAsync("lobby")).Members.Keys.Order().ShouldBe(new[] { alice.Id, bob.Id }.Order());
        (await two.Rooms.StatusAsync("lobby")).Members.Keys.Order().ShouldBe(new[] { alice.Id, bob.Id }.Order());
    }

    [Fact]
    public async Task R5_AConnectionOfTheOtherNodeIsAddedAndRemovedById()
    {
        var (one, _, _, bob) = await PairAsync();

        await one.Rooms.AddAsync(bob.Id, "support");
        bob.Connection.Rooms.ShouldBe(["lobby", "support"]);
        (await TextAsync(one.Rooms.AddAsync(bob.Id, "support"))).ShouldBe("connection already in this room (support)");
        (await TextAsync(one.Rooms.AddAsync(bob.Id, "nowhere"))).ShouldBe("room does not exist");
        await one.Rooms.RemoveAsync(bob.Id, "support");
        bob.Connection.Rooms.ShouldBe(["lobby"]);
        (await TextAsync(one.Rooms.RemoveAsync(bob.Id, "support"))).ShouldBe("connection not in this room (support)");
        (await TextAsync(one.Rooms.AddAsync("nobody", "support"))).ShouldBe("RPC Timeout");
    }

    [Fact]
    public async Task R11_ARefusalOfTheOtherNodeIsTheCallersError()
    {
        var (one, _, _, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Join = (_, room) => room == "support" ? throw new ActionException { Status = ActionStatus.Forbidden } : Task.CompletedTask,
        });

        (await TextAsync(one.Rooms.AddAsync(bob.Id, "support"))).ShouldBe("forbidden");
        bob.Connection.Rooms.ShouldBe(["lobby"]);
    }

    [Fact]
    public async Task R4_ARoomDestroyedOnOneNodeIsGoneOnBoth()
    {
        var left = new List<string>();
        var (one, _, two, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Leave = (connection, _) =>
            {
                left.Add(connection.Id);
                return Task.CompletedTask;
            },
        });

        await one.Rooms.DestroyAsync("lobby");

        (await bob.NextMessageAsync()).Text.ShouldBe("this room has been deleted");
        await Until.TrueAsync(() => bob.Connection.Rooms.Count == 0);
        left.ShouldBe([bob.Id]);
        (await two.Rooms.ExistsAsync("lobby")).ShouldBeFalse();
        await two.Rooms.CreateAsync("lobby");
        await bob.JoinAsync("lobby");
        (await one.Rooms.StatusAsync("lobby")).Members.Keys.ShouldBe([bob.Id]);
    }

    [Fact]
    public async Task R10_WhatComesFromTheOtherNodePassesDeliverMiddlewareToo()
    {
        var seen = new List<RoomMessage>();
        var (_, alice, _, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Say = (_, message) => Task.FromResult(MessageVerdict.Pass(
                message with { Extra = new Dictionary<string, object?> { ["extra"] = "x" } })),
            Deliver = (_, message) =>
            {
                seen.Add(message);
                return Task.FromResult(
                    message.Message is "drop me" ? MessageVerdict.Drop : MessageVerdict.Pass(message with { Message = $"{message.Message}!" }));
            },
        });

        await alice.SayAsync("lobby", "drop me");
        await alice.SayAsync("lobby", "hello");

        var heard = await bob.NextMessageAsync();
        bob.Messages.ShouldHaveSingleItem();
        heard.Text.ShouldBe("hello!");
        heard.From.ShouldBe(alice.Id);
        heard.Json.GetProperty("extra").GetString().ShouldBe("x");
        seen[^1].ShouldBe(new RoomMessage { Room = "lobby", Message = "hello", From = alice.Id, SentAt = heard.SentAt!.Value, Extra = seen[^1].Extra });
        alice.Messages.Select(message => message.Text).ShouldBe(["drop me", "hello"]);
    }

    private async Task<(PolywireTestHost One, TestConnection Alice, PolywireTestHost Two, TestConnection Bob)> PairAsync(
        IRoomMiddleware? middlewareOfTwo = null)
    {
        // What is said on node one is said there; the middleware of node two sees only what it delivers.
        var one = await StartNodeAsync(middlewareOfTwo is LambdaRoomMiddleware { Say: { } say } ? new LambdaRoomMiddleware { Say = say } : null);
        var two = await StartNodeAsync(middlewareOfTwo);
        var alice = await one.ConnectAsync();
        var bob = await two.ConnectAsync();
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");
        return (one, alice, two, bob);
    }

    private Task<PolywireTestHost> StartNodeAsync(IRoomMiddleware? middleware) =>
        StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby", "support");
                if (middleware is not null)
                {
                    Use(polywire, middleware);
                }
            },
            options => options.ConfigureServices(new FaultyNode(_cluster).AddTo));
}
