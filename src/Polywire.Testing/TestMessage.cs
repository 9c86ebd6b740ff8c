using System.Text.Json;
using Polywire.Json;

namespace Polywire.Testing;

/// <summary>Something a client was sent outside its answers: what was said in a room, or what the application pushed.</summary>
/// <remarks>Immutable.</remarks>
public sealed class TestMessage
{
    private readonly PolywireJson _json;

    internal TestMessage(JsonElement json, PolywireJson metadata)
    {
        Json = json;
        _json = metadata;
        if (!IsRoomMessage(json))
        {
            return;
        }

        Room = json.GetProperty("room").GetString();
        From = json.GetProperty("from") is { ValueKind: JsonValueKind.String } from ? from.GetString() : null;
        SentAt = DateTimeOffset.FromUnixTimeMilliseconds(json.GetProperty("sentAt").GetInt64());
    }

    /// <summary>The whole message as it would go over a wire.</summary>
    public JsonElement Json { get; }

    /// <summary>The room it was said in; <see langword="null"/> for a push outside of rooms.</summary>
    public string? Room { get; }

    /// <summary>The id of the connection that said it; <see langword="null"/> for the server.</summary>
    public string? From { get; }

    /// <summary>When it was said, to the millisecond; <see langword="null"/> for a push outside of rooms.</summary>
    public DateTimeOffset? SentAt { get; }

    /// <summary>The words: a text as it is, anything else as JSON.</summary>
    public string Text => Content is { ValueKind: JsonValueKind.String } text ? text.GetString()! : Content.GetRawText();

    private JsonElement Content => Room is null ? Json : Json.GetProperty("message");

    /// <summary>Reads what was said or pushed as a type.</summary>
    /// <typeparam name="T">A type of the application with JSON metadata.</typeparam>
    /// <exception cref="JsonException">The message does not fit the type.</exception>
    public T? Read<T>() => Content.Deserialize(_json.GetTypeInfo<T>());

    /// <summary>The JSON.</summary>
    public override string ToString() => Json.GetRawText();

    private static bool IsRoomMessage(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("context", out var context) && context.ValueKind == JsonValueKind.String && context.ValueEquals("user"u8)
        && json.TryGetProperty("room", out var room) && room.ValueKind == JsonValueKind.String
        && json.TryGetProperty("message", out _)
        && json.TryGetProperty("from", out _)
        && json.TryGetProperty("sentAt", out var sentAt) && sentAt.ValueKind == JsonValueKind.Number;
}
