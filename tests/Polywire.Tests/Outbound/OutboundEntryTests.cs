using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Doors;
using Polywire.Outbound;
using Polywire.Rooms;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Polywire.Tests.Rooms;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Outbound;

/// <summary>What a connection is handed of a room: entries, which know what they are and where they stand.</summary>
public class OutboundEntryTests : HostTest
{
    [Fact]
    public async Task WithoutAHistoryAnEntryHasNoNumber()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("plain"));
        var member = await JoinAsync(host, "plain");

        await host.Rooms.SayAsync("plain", "one");

        member.Entries.ShouldHaveSingleItem().ShouldBe((OutboundKind.Said, 0, null, "one"));
    }

    [Fact]
    public async Task WithAHistoryItHasTheNumberOfTheLog_ThroughMiddlewareToo()
    {
        foreach (var changes in (bool[])[false, true])
        {
            var host = await StartAsync(
                polywire =>
                {
                    polywire.AddRooms("room");
                    if (changes)
                    {
                        polywire.UseRoomMiddleware<Shout>();
                    }
                },
                options => options.ConfigureServices(services =>
                {
                    var rules = new RoomLogRules();
                    rules.Add("room", new RoomLogBounds { Count = 10, Age = TimeSpan.FromHours(1) });
                    services.AddSingleton(rules);
                }));
            var member = await JoinAsync(host, "room");

            foreach (var word in (string[])["a", "b", "c"])
            {
                await host.Rooms.SayAsync("room", word);
            }

            member.Entries.ShouldBe(changes
                ? [(OutboundKind.Said, 1, null, "A!"), (OutboundKind.Said, 2, null, "B!"), (OutboundKind.Said, 3, null, "C!")]
                : [(OutboundKind.Said, 1, null, "a"), (OutboundKind.Said, 2, null, "b"), (OutboundKind.Said, 3, null, "c")]);
        }
    }

    [Fact]
    public async Task ARoomCanBeSaidToHaveAPolicy()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("ticker", room => room.WhenSlow(SlowReader.Disconnect)));

        (await host.Rooms.StatusAsync("ticker")).MembersCount.ShouldBe(0);
        Should.Throw<ArgumentNullException>(() => new RoomBuilder(new RoomRule("x")).WhenSlow(null!)).ParamName.ShouldBe("policy");
        SlowReader.Disconnect.ToString().ShouldBe("Disconnect");
    }

    private static async Task<Listener> JoinAsync(PolywireTestHost host, string room)
    {
        var listener = new Listener();
        await host.Services.GetRequiredService<ConnectionServices>().Lifetime.OpenAsync(listener);
        await host.Rooms.AddAsync(listener, room);
        return listener;
    }

    private sealed class Shout : IRoomMiddleware
    {
        public ValueTask<MessageVerdict> DeliverAsync(Connection receiver, RoomMessage message, CancellationToken cancellationToken) =>
            new(MessageVerdict.Pass(message with { Message = $"{message.Message}!".ToUpperInvariant() }));
    }

    private sealed class Listener() : Connection("listener", "listener", Transports.Socket, TimeProvider.System)
    {
        private readonly ConcurrentQueue<(OutboundKind Kind, long Offset, string? Key, string Words)> _entries = new();

        public IEnumerable<(OutboundKind Kind, long Offset, string? Key, string Words)> Entries => _entries;

        public override string RemoteIP => "nowhere";

        public override int RemotePort => 0;

        public override Delivery TrySend<T>(T message) => Delivery.Delivered;

        public override ValueTask CloseAsync() => default;

        protected internal override Delivery Deliver(in OutboundEntry entry)
        {
            using var json = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(entry.Message.Json.Span));
            _entries.Enqueue((entry.Kind, entry.Offset, entry.Key, json.RootElement.GetProperty("message").GetString()!));
            return Delivery.Delivered;
        }
    }
}
