using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Where a message between nodes goes: to those who hear a room, or to all. Two are equal if they name the same.</summary>
[Experimental("PWX0002")]
public readonly record struct BackplaneChannel
{
    private BackplaneChannel(string room) => RoomName = room;

    /// <summary>All nodes; the default value.</summary>
    public static BackplaneChannel All => default;

    /// <summary>The name of the room; <see langword="null"/> for <see cref="All"/>.</summary>
    public string? RoomName { get; }

    /// <summary>The nodes that have members in a room.</summary>
    /// <param name="room">Any text.</param>
    public static BackplaneChannel Room(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return new BackplaneChannel(room);
    }
}
