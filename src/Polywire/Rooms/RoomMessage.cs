namespace Polywire;

/// <summary>Something said in a room, as middleware and clients see it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Message">Text from clients, any value that serialises to JSON from the server.</param>
/// <param name="From">The id of the connection that said it; <see langword="null"/> is the server, sent as the number 0.</param>
/// <param name="SentAt">When it was said.</param>
public sealed record RoomMessage(string Room, object? Message, string? From, DateTimeOffset SentAt)
{
    /// <summary>Keys that are sent besides the five of every message, of which none is replaced; none by default.</summary>
    public IReadOnlyDictionary<string, object?>? Extra { get; init; }
}
