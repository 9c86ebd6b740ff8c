using System.Diagnostics.CodeAnalysis;

namespace Polywire.Outbound;

/// <summary>One message of a room on its way to one of its members, with what a policy for slow readers has to know of it.</summary>
/// <remarks>
/// Entries stay apart as long as anything may still be decided about them. Once one is handed to the connection it is bytes among others, which the
/// queue joins into blocks and writes in order.
/// </remarks>
/// <param name="message">The message, shared by all receivers.</param>
/// <param name="kind">Whether somebody said it or the room tells it.</param>
/// <param name="offset">Its number in the history of its room; 0 where the room has none.</param>
/// <param name="key">A newer message of the same key may take its place; null where none may.</param>
[Experimental("PWX0001")]
public readonly struct OutboundEntry(BroadcastMessage message, OutboundKind kind = OutboundKind.Said, long offset = 0, string? key = null)
{
    /// <summary>The message, shared by all receivers.</summary>
    public BroadcastMessage Message { get; } = message;

    /// <summary>Whether somebody said it or the room tells it.</summary>
    public OutboundKind Kind { get; } = kind;

    /// <summary>Its number in the history of its room; 0 where the room has none.</summary>
    public long Offset { get; } = offset;

    /// <summary>A newer message of the same key may take its place; null where none may.</summary>
    public string? Key { get; } = key;
}
