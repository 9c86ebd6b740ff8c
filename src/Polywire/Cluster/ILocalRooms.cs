using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Who is in which room on this node: what an <see cref="IRoomStore"/> brings its entries into line with. Implemented by Polywire.</summary>
/// <remarks>
/// Safe to use concurrently, from any thread; nothing here waits for the store or the network, but for <see cref="RoomGoneAsync"/>, which must not
/// be awaited within the room's turn: it makes members leave.
/// </remarks>
[Experimental("PWX0002")]
public interface ILocalRooms
{
    /// <summary>Rooms that are created at every start, and made again where a store has lost its data.</summary>
    IReadOnlyCollection<string> StartingRooms { get; }

    /// <summary>The rooms with members on this node, in no order; a copy.</summary>
    IReadOnlyCollection<string> Rooms { get; }

    /// <summary>The members of a room on this node, those whose join is still on its way included; a copy, empty where there are none.</summary>
    IReadOnlyList<LocalMember> MembersOf(string room);

    /// <summary>Tells with which generation members were announced; it takes the place of the one they had.</summary>
    /// <param name="room">The room.</param>
    /// <param name="members">Their ids; who has left meanwhile is passed over.</param>
    /// <param name="generation">The generation that the store answers now.</param>
    void Announced(string room, IReadOnlyList<string> members, long generation);

    /// <summary>Tells that a room was removed without this node having heard of it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="generation">Members with a lower generation are told so and taken out.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask RoomGoneAsync(string room, long generation, CancellationToken cancellationToken);
}
