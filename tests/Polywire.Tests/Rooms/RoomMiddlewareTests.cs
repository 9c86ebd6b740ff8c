using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Rooms;
using Polywire.Testing;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using static Polywire.Tests.Rooms.RoomsTests;

namespace Polywire.Tests.Rooms;

/// <summary>docs/protocol/rooms.md, "Middleware".</summary>
public class RoomMiddlewareTests : HostTest
{
    private readonly List<string> _seen = [];

    [Fact]
    public async Task R10_SayRunsOnceAndDeliverOnceForEachReceiver()
    {
        var (host, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Say = (sender, message) => Note($"say {sender?.Id} {message.Message}"),
            Deliver = (receiver, message) => Note($"deliver {receiver.Id} {message.Message} {message.From}"),
        });

        await alice.SayAsync("lobby", "hello");
        await host.Rooms.SayAsync("lobby", "server");

        _seen.Order().ShouldBe(new[]
        {
            $"say {alice.Id} hello", $"deliver {alice.Id} hello {alice.Id}", $"deliver {bob.Id} hello {alice.Id}",
            "say  server", $"deliver {alice.Id} server ", $"deliver {bob.Id} server ",
        }.Order());
    }

    [Fact]
    public async Task R10_ChangesAreSeenByTheNextOneInOrder()
    {
        var (_, alice, bob) = await PairAsync(
            [
                (20, new LambdaRoomMiddleware
                {
                    Say = (_, message) => Pass(message with { Message = $"{message.Message} 20" }),
                    Deliver = (_, message) => Pass(message with { Message = $"{message.Message} d20" }),
                }),
                (10, new LambdaRoomMiddleware
                {
                    Say = (_, message) => Pass(message with { Message = $"{message.Message} 10" }),
                    Deliver = (_, message) => Pass(message with { Message = $"{message.Message} d10", Extra = new Dictionary<string, object?> { ["x"] = 1, ["y"] = null } }),
                }),
            ]);

        await alice.SayAsync("lobby", "hello");

        var message = await bob.NextMessageAsync();
        message.Text.ShouldBe("hello 10 20 d10 d20");
        message.ToString().ShouldEndWith(""","x":1,"y":null}""");
    }

    [Fact]
    public async Task R12_ADropInSayIsForEverybodyAndInDeliverForOne()
    {
        TestConnection? deaf = null;
        var (_, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Say = (_, message) => Task.FromResult(message.Message is "secret" ? MessageVerdict.Drop : MessageVerdict.Unchanged),
            Deliver = (receiver, _) => Task.FromResult(receiver.Id == deaf!.Id ? MessageVerdict.Drop : default),
        });
        deaf = bob;

        await alice.SayAsync("lobby", "secret");
        await alice.SayAsync("lobby", "public");

        alice.Messages.Select(message => message.Text).ShouldBe(["public"]);
        bob.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task R11_ARefusalIsTheCallersError()
    {
        var refuse = false;
        var (host, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Join = (_, room) => room == "support" ? throw new ActionException("members only") : Task.CompletedTask,
            Leave = (_, _) => refuse ? throw new ActionException("you stay") : Task.CompletedTask,
            Say = (_, _) => refuse ? throw new ActionException("be quiet") : Task.FromResult(MessageVerdict.Unchanged),
        });
        refuse = true;

        (await TextAsync(alice.JoinAsync("support"))).ShouldBe("members only");
        (await TextAsync(alice.LeaveAsync("lobby"))).ShouldBe("you stay");
        (await TextAsync(alice.SayAsync("lobby", "hello"))).ShouldBe("be quiet");
        (await TextAsync(host.Rooms.AddAsync(alice.Connection, "support"))).ShouldBe("members only");
        (await TextAsync(host.Rooms.SayAsync("lobby", "hello"))).ShouldBe("be quiet");
        (await host.Rooms.StatusAsync("support")).MembersCount.ShouldBe(0);
        alice.Connection.Rooms.ShouldBe(["lobby"]);
        bob.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task R11_AThrowInDeliverIsLoggedAndThatOneMisses()
    {
        TestConnection? unlucky = null;
        var (host, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Deliver = (receiver, _) => receiver.Id == unlucky!.Id ? throw new InvalidOperationException("broken") : Task.FromResult(MessageVerdict.Unchanged),
        });
        unlucky = alice;

        await alice.SayAsync("lobby", "hello");

        (await bob.NextMessageAsync()).Text.ShouldBe("hello");
        alice.Messages.ShouldBeEmpty();
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Exception!.Message == "broken");
    }

    [Fact]
    public async Task R11_WhatDeliverMakesMayBeUnwritableForOneAndOthersGetTheirs()
    {
        TestConnection? unlucky = null;
        var (host, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Deliver = (receiver, message) => Task.FromResult(
                receiver.Id == unlucky!.Id ? MessageVerdict.Pass(message with { Message = new Action(() => { }) }) : MessageVerdict.Unchanged),
        });
        unlucky = alice;

        await alice.SayAsync("lobby", "hello");

        (await bob.NextMessageAsync()).Text.ShouldBe("hello");
        alice.Messages.ShouldBeEmpty();
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Exception is NotSupportedException);
    }

    [Fact]
    public async Task R16_ReceiversDoNotWaitForEachOther()
    {
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        var (_, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Deliver = async (_, _) =>
            {
                if (Interlocked.Increment(ref waiting) == 2)
                {
                    both.SetResult();
                }

                await both.Task;
                return MessageVerdict.Unchanged;
            },
        });

        await alice.SayAsync("lobby", "hello");

        (await alice.NextMessageAsync()).Text.ShouldBe("hello");
        (await bob.NextMessageAsync()).Text.ShouldBe("hello");
    }

    [Fact]
    public async Task AKeyOfEveryMessageIsNotReplaced()
    {
        var (_, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Say = (_, message) => Task.FromResult(MessageVerdict.Pass(
                message with { Extra = new Dictionary<string, object?> { ["from"] = "somebody else", ["mood"] = "good" } })),
        });

        await alice.SayAsync("lobby", "hello");

        var heard = (await bob.NextMessageAsync()).Json;
        heard.EnumerateObject().Select(property => property.Name).ShouldBe(["message", "room", "from", "context", "sentAt", "mood"]);
        heard.GetProperty("from").GetString().ShouldBe(alice.Id);
    }

    [Fact]
    public async Task AConnectionThatIsGoneCannotBeKeptByOneThatNeverEndsEither()
    {
        var clock = new ManualTimeProvider();
        var never = new TaskCompletionSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby");
                polywire.Services.AddSingleton(new RoomMiddlewareRegistration(1, _ => new LambdaRoomMiddleware
                {
                    Leave = (_, _) =>
                    {
                        asked.SetResult();
                        return never.Task;
                    },
                }));
            },
            options => options.Time = clock);
        var alice = await host.ConnectAsync();
        await alice.JoinAsync("lobby");

        var timers = clock.PendingTimers;
        var closing = alice.CloseAsync();

        // Not the timer of a step before it.
        await asked.Task.WithinLimit();
        await clock.WaitForTimersAsync(timers + 1, TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromHours(1));
        await closing.WithinLimit();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        (await host.Rooms.StatusAsync("lobby")).Members.ShouldBeEmpty();
    }

    [Fact]
    public async Task AConnectionThatIsGoneCannotBeKept()
    {
        var (host, alice, _) = await PairAsync(new LambdaRoomMiddleware { Leave = (_, _) => throw new ActionException("you stay") });

        await alice.CloseAsync();

        (await host.Rooms.StatusAsync("lobby")).Members.ContainsKey(alice.Id).ShouldBeFalse();
        alice.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task R4_MembersOfADestroyedRoomLeaveIt()
    {
        var (host, alice, bob) = await PairAsync(new LambdaRoomMiddleware
        {
            Leave = (connection, room) =>
            {
                _seen.Add($"{connection.Id} {room} {connection.Rooms.Contains(room)}");
                return connection.Rooms.Count > 5 ? Task.CompletedTask : throw new ActionException("nobody can refuse");
            },
        });

        await host.Rooms.DestroyAsync("lobby");

        _seen.Order().ShouldBe(new[] { $"{alice.Id} lobby True", $"{bob.Id} lobby True" }.Order());
        alice.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFaultInAVerbIsToldAsOurs()
    {
        ExpectedErrors = entry => entry.Exception?.Message == "the secret of the house";
        var (host, alice, _) = await PairAsync(new LambdaRoomMiddleware { Say = (_, _) => throw new InvalidOperationException("the secret of the house") });

        var text = await TextAsync(alice.SayAsync("lobby", "hello"));

        var entry = host.Logs.GetSnapshot().Single(entry => entry.Level == LogLevel.Error);
        text.ShouldBe($"internal error (trace {entry.GetStructuredStateValue("TraceId")})");
        entry.GetStructuredStateValue("Verb").ShouldBe("say");
    }

    [Fact]
    public async Task UseRoomMiddlewareMakesOneThatMayAskForTheRoomsThemselves()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby", "log").UseRoomMiddleware<Echo>());
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");
        await client.JoinAsync("log");

        await client.SayAsync("lobby", "hello");

        client.Messages.Select(message => message.Text).ShouldBe(["said hello", "hello"], ignoreOrder: true);
    }

    private static Task<MessageVerdict> Pass(RoomMessage message) => Task.FromResult(MessageVerdict.Pass(message));

    private Task<MessageVerdict> Note(string step)
    {
        _seen.Add(step);
        return Task.FromResult(MessageVerdict.Unchanged);
    }

    private Task<(PolywireTestHost Host, TestConnection Alice, TestConnection Bob)> PairAsync(IRoomMiddleware middleware) =>
        PairAsync([(100, middleware)]);

    private async Task<(PolywireTestHost Host, TestConnection Alice, TestConnection Bob)> PairAsync((int Order, IRoomMiddleware Step)[] steps)
    {
        var host = await StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby", "support");
                foreach (var (order, step) in steps)
                {
                    Use(polywire, step, order);
                }
            },
            options => options.EnvironmentName = "Production");
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");
        return (host, alice, bob);
    }

    private sealed class Echo(IRooms rooms) : IRoomMiddleware
    {
        public async ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken)
        {
            if (message.Room == "lobby")
            {
                await rooms.SayAsync("log", $"said {message.Message}", cancellationToken);
            }

            return MessageVerdict.Unchanged;
        }
    }
}
