namespace Polywire;

/// <summary>Something said in a room, as middleware and clients see it.</summary>
public sealed record RoomMessage
{
    /// <summary>The room's name.</summary>
    public required string Room { get; init; }

    /// <summary>Text from clients, any value that serialises to JSON from the server.</summary>
    public required object? Message { get; init; }

    /// <summary>The id of the connection that said it; <see langword="null"/> is the server, sent as the number 0.</summary>
    public string? From { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Keys that are sent besides the five of every message, of which none is replaced; none by default.</summary>
    public IReadOnlyDictionary<string, object?>? Extra { get; init; }
}
