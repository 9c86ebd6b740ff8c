namespace Polywire;

/// <summary>May refuse who joins and leaves, and change or stop what is said. A singleton; runs in ascending order.</summary>
/// <remarks>
/// An <see cref="ActionException"/> from <see cref="JoinAsync"/>, <see cref="LeaveAsync"/> or <see cref="SayAsync"/> refuses, and its message is
/// the caller's error; one from <see cref="DeliverAsync"/> is logged and that receiver does not get the message. A connection that is gone
/// cannot be kept from leaving. Source: docs/protocol/rooms.md, "Middleware".
/// </remarks>
public interface IRoomMiddleware
{
    /// <summary>A connection wants in; it is not yet a member.</summary>
    ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) => default;

    /// <summary>A member wants out, or is gone; it still is a member. Called too for one that was let in and whose join failed afterwards.</summary>
    ValueTask LeaveAsync(Connection connection, string room, CancellationToken cancellationToken) => default;

    /// <summary>Something is said; called once, on the node of the sender, which is <see langword="null"/> for the server.</summary>
    ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) => default;

    /// <summary>A message is about to go to one member; called once for each, for different members at the same time.</summary>
    /// <remarks>Keep it quick: what the sender says next waits for it. What was said on another node is text, or a <see cref="System.Text.Json.JsonElement"/> for anything else.</remarks>
    ValueTask<MessageVerdict> DeliverAsync(Connection receiver, RoomMessage message, CancellationToken cancellationToken) => default;
}
