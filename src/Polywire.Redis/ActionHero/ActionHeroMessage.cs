using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Polywire.Redis.ActionHero;

/// <summary>A message between ActionHero's nodes, as it was read. What is missing or of another kind is null or undefined.</summary>
internal sealed record ActionHeroMessage
{
    public const string Chat = "chat";
    public const string Do = "do";
    public const string DoResponse = "doResponse";

    /// <summary>As deep as a message of ours may be.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 1000 };

    public required string Type { get; init; }

    public required string ServerToken { get; init; }

    public string ServerId { get; init; } = string.Empty;

    public string? MessageId { get; init; }

    public string? Method { get; init; }

    public string? ConnectionId { get; init; }

    /// <summary>An array, or undefined.</summary>
    public JsonElement Args { get; init; }

    /// <summary>What is said, any JSON; null where nothing is.</summary>
    public JsonElement Message { get; init; }

    public long? SentAt { get; init; }

    /// <summary>Whose word it is: a text, or the number 0 for the server.</summary>
    public JsonElement From { get; init; }

    public string? Room { get; init; }

    /// <summary>Whether a node of ours published it, beside its own bus.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Reads a message. Never throws.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ActionHeroMessage? message)
    {
        message = null;
        try
        {
            return TryRead(JsonElement.Parse(bytes.Span, Options), out message);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it with half a character.
            return false;
        }
    }

    private static bool TryRead(JsonElement root, [NotNullWhen(true)] out ActionHeroMessage? message)
    {
        message = null;
        if (root.ValueKind != JsonValueKind.Object || TextOf(root, "messageType"u8) is not { } type || TextOf(root, "serverToken"u8) is not { } token)
        {
            return false;
        }

        var connection = Find(root, "connection"u8) is { ValueKind: JsonValueKind.Object } given ? given : default;
        message = new ActionHeroMessage
        {
            Type = type,
            ServerToken = token,
            ServerId = TextOf(root, "serverId"u8) ?? string.Empty,
            MessageId = TextOf(root, "messageId"u8),
            Method = TextOf(root, "method"u8),
            ConnectionId = TextOf(root, "connectionId"u8),
            Args = Find(root, "args"u8) is { ValueKind: JsonValueKind.Array } args ? args : default,
            Message = Find(root, "message"u8),
            SentAt = Find(root, "sentAt"u8) is { ValueKind: JsonValueKind.Number } time && time.TryGetInt64(out var sentAt) ? sentAt : null,
            From = connection.ValueKind == JsonValueKind.Object ? Find(connection, "id"u8) : default,
            Room = connection.ValueKind == JsonValueKind.Object ? TextOf(connection, "room"u8) : null,
            IsOurs = root.TryGetProperty("polywire"u8, out _),
        };
        return true;
    }

    /// <summary>Whether it was sent by who knows the token; takes as long for a wrong one as for the right one.</summary>
    public bool HasToken(string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ServerToken), Encoding.UTF8.GetBytes(token));

    /// <summary>An argument that is a text; null where it is none.</summary>
    public string? Argument(int index) =>
        Args.ValueKind == JsonValueKind.Array && index < Args.GetArrayLength() && Args[index] is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement Find(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out var found) ? found : default;

    private static string? TextOf(JsonElement root, ReadOnlySpan<byte> name) =>
        Find(root, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
