using Microsoft.Extensions.DependencyInjection;
using Polywire.Rooms;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Rooms;

/// <summary>What a word costs where there is one node and no history: the message, its bytes, and nothing for the seams.</summary>
public class SayingCostTests : HostTest
{
    [Fact]
    public async Task AWordAllocatesItsMessageAndItsBytes()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        var rooms = host.Services.GetRequiredService<RoomService>();
        const int Words = 1000;

        Say(rooms, Words);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Say(rooms, Words);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Words;

        // A RoomMessage (64), a BroadcastMessage with its table (40 + 88) and 97 bytes of JSON (120).
        each.ShouldBeLessThanOrEqualTo(320);
    }

    private static void Say(RoomService rooms, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var said = rooms.TrySayAsync(null, "lobby", "hello", CancellationToken.None);
            if (!said.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("It waited.");
            }
        }
    }
}
