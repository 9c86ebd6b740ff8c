using System.Text.Json;

namespace PeerUnderTest;

/// <summary>What a command wants sent.</summary>
internal static class Payload
{
    private const int Letters = 26;
    private const int Modulus = 251;

    /// <summary>The bytes of a buffer; null where JSON is wanted.</summary>
    public static byte[]? Bytes(JsonElement command)
    {
        if (command.TryGetProperty("hex", out var hex))
        {
            return Convert.FromHexString(hex.GetString()!);
        }

        if (!command.TryGetProperty("gen", out var length))
        {
            return null;
        }

        var bytes = new byte[length.GetInt32()];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % Modulus);
        }

        return bytes;
    }

    /// <summary>A text by its length; null where something else is wanted.</summary>
    public static string? Text(JsonElement command) => command.TryGetProperty("text", out var length)
        ? string.Create(length.GetInt32(), 0, static (characters, _) =>
        {
            for (var i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)('a' + (i % Letters));
            }
        })
        : null;

    public static bool HasValue(JsonElement command, out JsonElement value) => command.TryGetProperty("value", out value);

    /// <summary>The type that is asked for, or what JavaScript calls the value.</summary>
    public static string Type(JsonElement command, JsonElement value) => command.TryGetProperty("type", out var type)
        ? type.GetString()!
        : value.ValueKind switch
        {
            JsonValueKind.String => "String",
            JsonValueKind.Number => "Number",
            JsonValueKind.True or JsonValueKind.False => "Boolean",
            JsonValueKind.Array => "Array",
            _ => "Object",
        };
}
