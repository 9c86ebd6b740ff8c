using Microsoft.Extensions.DependencyInjection;
using Polywire.Rooms;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Rooms;

/// <summary>core.md 7: rooms of one node.</summary>
public class RoomsTests : HostTest
{
    [Fact]
    public async Task R1_RoomsOfTheStartAreThere()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby", "support").AddRooms("lobby", "Attic"));

        (await host.Rooms.ListAsync()).ShouldBe(["Attic", "lobby", "support"]);
        (await host.Rooms.ExistsAsync("lobby")).ShouldBeTrue();
        (await host.Rooms.ExistsAsync("Lobby")).ShouldBeFalse();
    }

    [Fact]
    public async Task R3_ARoomIsCreatedOnce()
    {
        var host = await StartAsync(_ => { });

        (await host.Rooms.CreateAsync("new")).ShouldBeTrue();
        (await host.Rooms.CreateAsync("new")).ShouldBeFalse();
    }

    [Fact]
    public async Task R3_NamesAndNumberOfRoomsAreBounded()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby").Services.Configure<PolywireOptions>(options =>
        {
            options.MaxRoomNameLength = 8;
            options.MaxRooms = 3;
        }));

        (await TextAsync(host.Rooms.CreateAsync("123456789"))).ShouldBe("the name of the room is too long (limit 8 characters)");
        (await host.Rooms.CreateAsync("12345678")).ShouldBeTrue();
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                return await host.Rooms.CreateAsync($"{i}") ? "made" : "there";
            }
            catch (ActionException exception)
            {
                return exception.Message;
            }
        }));
        made.Count(text => text == "made").ShouldBe(1);
        made.Count(text => text == "there are too many rooms (limit 3)").ShouldBe(19);
        (await host.Rooms.CreateAsync("lobby")).ShouldBeFalse();
        await host.Rooms.DestroyAsync("12345678");
        (await host.Rooms.CreateAsync("again")).ShouldBeTrue();
    }

    [Fact]
    public async Task R4_ADestroyedRoomTellsItsMembersAndHasNoneAfterwards()
    {
        var (host, alice, bob) = await PairAsync();

        await host.Rooms.DestroyAsync("lobby");

        var told = await bob.NextMessageAsync();
        (told.Text, told.Room, told.From).ShouldBe(("this room has been deleted", "lobby", null));
        alice.Connection.Rooms.ShouldBeEmpty();
        (await host.Rooms.ExistsAsync("lobby")).ShouldBeFalse();
        (await TextAsync(host.Rooms.DestroyAsync("lobby"))).ShouldBe("room does not exist");
        await host.Rooms.CreateAsync("lobby");
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        await host.Rooms.SayAsync("lobby", "anybody?");
        bob.Messages.Count.ShouldBe(1);
        await bob.JoinAsync("lobby");
    }

    [Fact]
    public async Task R5_RefusesInTheOrderOfTheRule()
    {
        var joins = 0;
        var host = await StartAsync(
            polywire =>
            {
                polywire.AddRooms("a", "b");
                Use(polywire, new LambdaRoomMiddleware { Join = (_, _) => Task.FromResult(joins++) });
            },
            options => options.ConfigurePolywire(polywire => polywire.MaxRoomsPerConnection = 1));
        var client = await host.ConnectAsync();
        await client.JoinAsync("a");

        (await TextAsync(client.JoinAsync("a"))).ShouldBe("connection already in this room (a)");
        (await TextAsync(client.JoinAsync("nowhere"))).ShouldBe("room does not exist");
        (await TextAsync(client.JoinAsync(""))).ShouldBe("room does not exist");
        (await TextAsync(client.JoinAsync("b"))).ShouldBe("too many rooms");
        joins.ShouldBe(1);
    }

    [Fact]
    public async Task R6_OnlyAMemberLeaves()
    {
        var (host, alice, bob) = await PairAsync();

        await alice.LeaveAsync("lobby");

        (await TextAsync(alice.LeaveAsync("lobby"))).ShouldBe("connection not in this room (lobby)");
        (await TextAsync(alice.LeaveAsync("nowhere"))).ShouldBe("connection not in this room (nowhere)");
        (await host.Rooms.StatusAsync("lobby")).Members.Keys.ShouldBe([bob.Id]);
        alice.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task R7_AConnectionThatNoNodeHasIsNotFound()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));

        (await TextAsync(host.Rooms.AddAsync("nobody", "lobby"))).ShouldBe("RPC Timeout");
        (await TextAsync(host.Rooms.RemoveAsync("nobody", "lobby"))).ShouldBe("RPC Timeout");
    }

    [Fact]
    public async Task R5_TheServerMayAddAndRemoveById()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        var client = await host.ConnectAsync();

        await host.Rooms.AddAsync(client.Id, "lobby");
        (await TextAsync(host.Rooms.AddAsync(client.Id, "lobby"))).ShouldBe("connection already in this room (lobby)");
        client.Connection.Rooms.ShouldBe(["lobby"]);
        await host.Rooms.RemoveAsync(client.Id, "lobby");
        (await TextAsync(host.Rooms.RemoveAsync(client.Id, "lobby"))).ShouldBe("connection not in this room (lobby)");
        client.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task R8_DuringJoinItIsNoMemberYetAndDuringLeaveItStillIs()
    {
        var seen = new List<string>();
        IRooms? rooms = null;
        var host = await StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            Use(polywire, new LambdaRoomMiddleware
            {
                Join = async (connection, room) => seen.Add($"join {connection.Rooms.Count} {(await rooms!.StatusAsync(room)).MembersCount}"),
                Leave = async (connection, room) => seen.Add($"leave {connection.Rooms.Count} {(await rooms!.StatusAsync(room)).MembersCount}"),
            });
        });
        rooms = host.Rooms;
        var client = await host.ConnectAsync();

        await client.JoinAsync("lobby");
        await client.LeaveAsync("lobby");
        await client.JoinAsync("lobby");
        await client.CloseAsync();

        seen.ShouldBe(["join 0 0", "leave 1 1", "join 0 0", "leave 1 1"]);
    }

    [Fact]
    public async Task R9_AndR13_TheStatusShowsWhoJoinedWhen()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await bob.JoinAsync("lobby");

        var status = await bob.RoomViewAsync("lobby");

        status.Room.ShouldBe("lobby");
        status.MembersCount.ShouldBe(2);
        status.Members[alice.Id].ShouldBe(new RoomMember { Id = alice.Id, JoinedAt = ManualTimeProvider.DefaultStart });
        status.Members[bob.Id].ShouldBe(new RoomMember { Id = bob.Id, JoinedAt = ManualTimeProvider.DefaultStart + TimeSpan.FromSeconds(1) });
        (await TextAsync(host.Rooms.StatusAsync(""))).ShouldBe("a room is required");
        (await TextAsync(host.Rooms.StatusAsync("nowhere"))).ShouldBe("room does not exist");
    }

    [Fact]
    public async Task V6_OnlyAMemberSeesARoom()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        var client = await host.ConnectAsync();

        (await TextAsync(client.RoomViewAsync("lobby"))).ShouldBe("connection not in this room (lobby)");
    }

    [Fact]
    public async Task R14_RefusesToSayNothingOrFromOutside()
    {
        var (host, alice, _) = await PairAsync();
        var stranger = await host.ConnectAsync();

        (await TextAsync(alice.SayAsync("lobby", ""))).ShouldBe("both room and message are required");
        (await TextAsync(alice.SayAsync("", "hello"))).ShouldBe("both room and message are required");
        (await TextAsync(host.Rooms.SayAsync<string?>("lobby", null))).ShouldBe("both room and message are required");
        (await TextAsync(stranger.SayAsync("lobby", "hello"))).ShouldBe("connection not in this room (lobby)");
        (await TextAsync(stranger.SayAsync("nowhere", "hello"))).ShouldBe("connection not in this room (nowhere)");
        await host.Rooms.SayAsync("nowhere", "to nobody");
        alice.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task R15_ShowsRoomSenderAndTime()
    {
        var (host, alice, bob) = await PairAsync();
        host.Time.Advance(TimeSpan.FromMilliseconds(1234.5));

        await alice.SayAsync("lobby", "he\"llo\n");
        await host.Rooms.SayAsync("lobby", new { price = 12.5m });

        var first = await bob.NextMessageAsync();
        first.ToString().ShouldBe(
            $$"""{"message":"he\"llo\n","room":"lobby","from":"{{alice.Id}}","context":"user","sentAt":{{first.SentAt!.Value.ToUnixTimeMilliseconds()}}}""");
        first.SentAt.ShouldBe(ManualTimeProvider.DefaultStart + TimeSpan.FromMilliseconds(1234));
        var second = await bob.NextMessageAsync();
        second.Json.GetProperty("from").GetRawText().ShouldBe("0");
        second.Text.ShouldBe("""{"price":12.5}""");
        second.From.ShouldBeNull();
    }

    [Fact]
    public async Task R16_TheSenderHearsItselfAndOnlyMembersHear()
    {
        var (host, alice, bob) = await PairAsync();
        var stranger = await host.ConnectAsync();

        await alice.SayAsync("lobby", "hello");

        (await alice.NextMessageAsync()).Text.ShouldBe("hello");
        (await bob.NextMessageAsync()).Text.ShouldBe("hello");
        stranger.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R16_OneSendersMessagesArriveInOrder(bool middleware)
    {
        var host = await StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            if (middleware)
            {
                Use(polywire, new LambdaRoomMiddleware
                {
                    Deliver = async (_, _) =>
                    {
                        await Task.Yield();
                        return MessageVerdict.Unchanged;
                    },
                });
            }
        });
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");

        for (var i = 0; i < 100; i++)
        {
            await alice.SayAsync("lobby", $"{i}");
        }

        bob.Messages.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}"));
    }

    [Fact]
    public async Task R26_LimitsTheRoomsOfOneConnection_EvenAtOnce()
    {
        var host = await StartAsync(
            polywire => polywire.AddRooms([.. Enumerable.Range(0, 40).Select(i => $"room {i}")]),
            options => options.ConfigurePolywire(polywire => polywire.MaxRoomsPerConnection = 7));
        var client = await host.ConnectAsync();

        var joins = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            try
            {
                await client.JoinAsync($"room {i}");
                return null;
            }
            catch (ActionException refusal)
            {
                return refusal.Message;
            }
        }))).WithinLimit();

        joins.Count(text => text is null).ShouldBe(7);
        joins.Count(text => text == "too many rooms").ShouldBe(33);
        client.Connection.Rooms.Count.ShouldBe(7);
        await client.LeaveAsync(client.Connection.Rooms[0]);
        client.Connection.Rooms.Count.ShouldBe(6);
    }

    [Fact]
    public async Task RoomsAreListedInTheOrderOfJoining()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("a", "b", "c"));
        var client = await host.ConnectAsync();

        foreach (var room in new[] { "c", "a", "b" })
        {
            await client.JoinAsync(room);
        }

        await client.LeaveAsync("a");
        await client.JoinAsync("a");

        client.Connection.Rooms.ShouldBe(["c", "b", "a"]);
    }

    [Fact]
    public async Task ADirectMessageIsNoRoomMessage()
    {
        var (_, alice, bob) = await PairAsync();

        await alice.Connection.SendAsync(new Done("pushed"));

        var message = await alice.NextMessageAsync();
        message.Room.ShouldBeNull();
        message.SentAt.ShouldBeNull();
        message.Text.ShouldBe("""{"what":"pushed"}""");
        message.Read<Done>().ShouldBe(new Done("pushed"));
        bob.Messages.ShouldBeEmpty();
    }

    internal static void Use(IPolywireBuilder polywire, IRoomMiddleware middleware, int order = 100) =>
        polywire.Services.AddSingleton(new RoomMiddlewareRegistration(order, _ => middleware));

    internal static async Task<string> TextAsync(Task call) => (await Should.ThrowAsync<ActionException>(() => call)).Message;

    internal static Task<string> TextAsync(ValueTask call) => TextAsync(call.AsTask());

    internal static Task<string> TextAsync<T>(ValueTask<T> call) => TextAsync(call.AsTask());

    private async Task<(PolywireTestHost Host, TestConnection Alice, TestConnection Bob)> PairAsync()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");
        return (host, alice, bob);
    }
}
