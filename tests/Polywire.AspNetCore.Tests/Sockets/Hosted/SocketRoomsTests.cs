#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.DependencyInjection;
using Polywire.Cluster;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Rooms; docs/protocol/socket.md, 8.</summary>
public sealed class SocketRoomsTests
{
    [Fact]
    public async Task JoinsLooksAndLeaves()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        var id = (await client.AskJsonAsync("detailsView")).Text("data", "id");
        var line = await client.AskAsync("roomView defaultRoom");
        var joined = System.Text.Json.JsonDocument.Parse(line).RootElement.Text("data", "members", id!, "joinedAt");

        line.ShouldBe(Wire.Ok(3, $$$$"""{"room":"defaultRoom","members":{"{{{{id}}}}":{"id":"{{{{id}}}}","joinedAt":{{{{joined}}}}}},"membersCount":1}"""));
        await client.ExpectAsync("roomLeave defaultRoom", Wire.Ok(4, "true"));
        await client.ExpectAsync("roomLeave defaultRoom", Wire.Error(5, "connection not in this room (defaultRoom)"));
    }

    [Theory]
    [InlineData("roomAdd noSuchRoom", "room does not exist")]
    [InlineData("roomAdd", "room does not exist")]
    [InlineData("roomAdd ", "room does not exist")]
    [InlineData("roomAdd joined", "connection already in this room (joined)")]
    [InlineData("roomAdd joined more words", "connection already in this room (joined)")]
    [InlineData("roomLeave", "connection not in this room ()")]
    [InlineData("roomView", "connection not in this room ()")]
    [InlineData("roomLeave noSuchRoom", "connection not in this room (noSuchRoom)")]
    [InlineData("roomView defaultRoom", "connection not in this room (defaultRoom)")]
    [InlineData("say", "both room and message are required")]
    [InlineData("say joined", "both room and message are required")]
    [InlineData("say joined ", "both room and message are required")]
    [InlineData("say noSuchRoom", "both room and message are required")]
    [InlineData("say defaultRoom hello", "connection not in this room (defaultRoom)")]
    [InlineData("say noSuchRoom hello", "connection not in this room (noSuchRoom)")]
    public async Task Refuses(string line, string error)
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.AddRooms("joined"));
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd joined", Wire.Ok(1, "true"));

        await client.ExpectAsync(line, Wire.Error(2, error));
    }

    [Fact]
    public async Task RefusesMoreRoomsThanTheLimit()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxRoomsPerConnection = 1);
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));

        await client.ExpectAsync("roomAdd anotherRoom", Wire.Error(2, "too many rooms"));
    }

    [Fact]
    public async Task CarriesAMessageToEveryMember_TheSenderToo_InItsOrder()
    {
        await using var host = await SocketHost.StartAsync();
        await using var sender = await host.ConnectAsync();
        await using var member = await host.ConnectAsync();
        await using var stranger = await host.ConnectAsync();
        await sender.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await member.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        var id = (await sender.AskJsonAsync("detailsView")).Text("data", "id");
        await sender.SendAsync(string.Concat(Enumerable.Range(0, 200).Select(i => $"say defaultRoom  hello?  {i} \n")));

        for (var i = 0; i < 200; i++)
        {
            var line = await member.ReadLineAsync();
            var at = System.Text.Json.JsonDocument.Parse(line).RootElement.Text("sentAt");
            line.ShouldBe($$"""{"message":" hello?  {{i}} ","room":"defaultRoom","from":"{{id}}","context":"user","sentAt":{{at}}}""");
        }

        var own = 0;
        for (var i = 0; i < 400; i++)
        {
            var message = await sender.ReadJsonAsync();
            own += message.Text("context") == "user" ? 1 : 0;
        }

        own.ShouldBe(200);
        await stranger.ExpectAsync("paramsView", Wire.Ok(1, "{}"));
    }

    [Fact]
    public async Task DoesEachVerbWhollyBeforeTheNext()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.UseRoomMiddleware<SlowJoin>());
        await using var client = await host.ConnectAsync();
        await client.SendAsync("roomAdd defaultRoom\nsay defaultRoom hi\nroomLeave defaultRoom\nroomView defaultRoom\nrandomNumber\n");
        var answers = new List<string>();
        while (answers.Count < 5)
        {
            var line = await client.ReadLineAsync();
            if (!line.Contains("\"context\":\"user\"", StringComparison.Ordinal))
            {
                answers.Add(line);
            }
        }

        answers.ShouldBe([Wire.Ok(1, "true"), Wire.Ok(2), Wire.Ok(3, "true"), Wire.Error(4, "connection not in this room (defaultRoom)"), Wire.Answer(5, "\"value\":0.5")]);
    }

    [Fact]
    public async Task SpeaksForTheServer_InAnyJson()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await host.Rooms.SayAsync("defaultRoom", new Dictionary<string, object?> { ["a"] = new[] { "b" } });
        await host.Rooms.SayAsync("nobodyKnows", "nobody hears");

        (await client.ReadLineAsync()).ShouldStartWith("""{"message":{"a":["b"]},"room":"defaultRoom","from":0,"context":"user","sentAt":""");
        await client.ExpectAsync("paramsView", Wire.Ok(2, "{}"));
    }

    [Fact]
    public async Task TellsTheMembersOfADestroyedRoom()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await host.Rooms.DestroyAsync("defaultRoom");

        (await client.ReadJsonAsync()).Text("message").ShouldBe("this room has been deleted");
        (await client.AskJsonAsync("detailsView")).Text("data", "rooms").ShouldBe("[]");
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Error(3, "room does not exist"));
    }

    [Fact]
    public async Task LetsMiddlewareRefuseAndChange()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.AddRooms("secret", "shout").UseRoomMiddleware<Doorman>());
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd secret", Wire.Error(1, "not allowed"));
        await client.ExpectAsync("roomAdd shout", Wire.Ok(2, "true"));
        await client.ExpectAsync("say shout forbidden", Wire.Error(3, "message refused"));
        await client.ExpectAsync("say shout drop", Wire.Ok(4));
        await client.LineAsync("say shout hello");
        var first = await client.ReadJsonAsync();
        var second = await client.ReadJsonAsync();
        var (said, answer) = first.Text("context") == "user" ? (first, second) : (second, first);

        said.Text("message").ShouldBe("HELLO");
        said.Text("to").ShouldBe(said.Text("from"));
        answer.Text("messageCount").ShouldBe("5");
        (await client.AskJsonAsync("detailsView")).Text("data", "rooms").ShouldBe("[\"shout\"]");
    }

    [Theory, InlineData("cancel"), InlineData("fail")]
    public async Task AnswersAVerb_WhateverMiddlewareThrows(string room)
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.AddRooms("cancel", "fail").UseRoomMiddleware<Doorman>());
        host.ExpectedErrors = entry => entry.Category!.Contains("VerbDispatcher", StringComparison.Ordinal);
        await using var client = await host.ConnectAsync();

        (await client.AskJsonAsync($"roomAdd {room}")).Text("error").ShouldStartWith("internal error (trace ");
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(2, "true"));
        (await client.AskJsonAsync($"say defaultRoom {room}")).Text("error").ShouldStartWith("internal error (trace ");
        await client.ExpectAsync("paramsView", Wire.Ok(4, "{}"));
    }

    [Fact]
    public async Task AnswersAVerb_WhoseDataCannotBeWritten()
    {
        await using var host = await SocketHost.StartAsync();
        host.ExpectedErrors = entry => entry.Exception is NotSupportedException;
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("paramsView", Wire.Ok(1, "{}"));
        var session = ((StreamConnection)host.Services.GetRequiredService<IConnections>().All.Single()).Session;

        var unwritable = new VerbReply(null, (writer, _) =>
        {
            writer.WriteStartObject();
            throw new NotSupportedException("half written");
        });
        (await session.BeginAsync(InputStep.Answer(unwritable, new MessageIds(session.NextMessage())))).ShouldBeTrue();

        await client.LineAsync("paramsView");
        await client.ExpectAsync(Wire.Error(2, "internal error"));
        await client.ExpectAsync(Wire.Ok(3, "{}"));
    }

    [Fact]
    public async Task SaysGoodbye_ThoughTheRoomsDoNotLetGo()
    {
        await using var host = await SocketHost.StartAsync(
            polywire: options => options.PendingShutdownWaitLimit = TimeSpan.FromMilliseconds(50),
            more: (host, builder, polywire) =>
            {
                builder.Services.AddSingleton(host.Gate("leave"));
                polywire.UseRoomMiddleware<NeverLeave>();
            });
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.LineAsync("quit");

        await client.ExpectGoodbyeAsync();
        host.Gate("leave").Open();
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task GoesThroughItsEnd_ThoughTheRoomStoreFails()
    {
        FaultyRoomStore? store = null;
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.AddSingleton<IRoomStore>(services =>
            store = new FaultyRoomStore(ActivatorUtilities.CreateInstance<InProcessRoomStore>(services))));
        host.ExpectedErrors = entry => entry.Exception is TimeoutException;
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.ExpectAsync("roomAdd anotherRoom", Wire.Ok(2, "true"));
        store!.Faults.Fail(nameof(IRoomStore.MembersAsync), new TimeoutException("the store is gone"));
        store.Faults.Fail(nameof(IRoomStore.LeaveAsync), new TimeoutException("the store is gone"));
        (await client.AskJsonAsync("roomView defaultRoom")).Text("error").ShouldStartWith("internal error (trace ");
        await client.ExpectAsync("roomLeave defaultRoom", Wire.Ok(4, "true"));
        await client.ExpectAsync("say anotherRoom", Wire.Error(5, "both room and message are required"));
        await client.LineAsync("quit");

        await client.ExpectGoodbyeAsync();
        await host.WaitForConnectionsAsync(0);
    }

    [Theory, InlineData("roomLeave defaultRoom"), InlineData("quit")]
    public async Task Ends_ThoughItsOwnLeavingClosesIt(string line)
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) =>
        {
            polywire.UseRoomMiddleware<CloseOnLeave>();
            polywire.UseConnectionMiddleware<CloseOnLeave>();
        });
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.LineAsync(line);

        await host.WaitForConnectionsAsync(0);
        (await host.Rooms.StatusAsync("defaultRoom")).MembersCount.ShouldBe(0);
    }

    private sealed class SlowJoin : IRoomMiddleware
    {
        public async ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken)
        {
            for (var i = 0; i < 50; i++)
            {
                await Task.Yield();
            }
        }
    }

    private sealed class CloseOnLeave : IRoomMiddleware, IConnectionMiddleware
    {
        public ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) => connection.CloseAsync();

        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken) => connection.CloseAsync();
    }

    private sealed class NeverLeave(Gate gate) : IRoomMiddleware
    {
        public async ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) => await gate.PassDeafAsync();
    }

    private sealed class Doorman : IRoomMiddleware
    {
        public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) =>
            room switch
            {
                "secret" => throw new ActionException("not allowed"),
                "cancel" => throw new TaskCanceledException("a time-out of the middleware's own"),
                "fail" => throw new InvalidOperationException("a fault of the middleware"),
                _ => default,
            };

        public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) =>
            (message.Message as string) switch
            {
                "forbidden" => throw new ActionException("message refused"),
                "cancel" => throw new TaskCanceledException("a time-out of the middleware's own"),
                "fail" => throw new InvalidOperationException("a fault of the middleware"),
                "drop" => new ValueTask<MessageVerdict>(MessageVerdict.Drop),
                { } text => new ValueTask<MessageVerdict>(MessageVerdict.Pass(message with { Message = text.ToUpperInvariant() })),
                _ => default,
            };

        public ValueTask<MessageVerdict> DeliverAsync(Connection receiver, RoomMessage message, CancellationToken cancellationToken) =>
            new(MessageVerdict.Pass(message with { Extra = new Dictionary<string, object?> { ["to"] = receiver.Id } }));
    }
}
