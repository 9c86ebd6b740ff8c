using System.Text.Json;

namespace Polywire.Doors;

/// <summary>What a verb has to say.</summary>
/// <param name="Error">Why it failed; null if it did not.</param>
/// <param name="Data">Writes the data of a success; null writes null.</param>
/// <param name="State">Handed to <paramref name="Data"/>, so that it needs no closure.</param>
internal readonly record struct VerbReply(string? Error, Action<Utf8JsonWriter, object?>? Data = null, object? State = null)
{
    private static readonly Action<Utf8JsonWriter, object?> WriteTrue = static (writer, _) => writer.WriteBooleanValue(true);
    private static readonly Action<Utf8JsonWriter, object?> WriteRaw =
        static (writer, state) => writer.WriteRawValue(((ReadOnlyMemory<byte>)state!).Span, skipInputValidation: true);

    /// <summary>Done, and nothing to tell.</summary>
    public static VerbReply Nothing => default;

    /// <summary>Done.</summary>
    public static VerbReply True => new(null, WriteTrue);

    public static VerbReply Failure(string error) => new(error);

    /// <summary>Done; the data is JSON already.</summary>
    public static VerbReply Raw(ReadOnlyMemory<byte> json) => new(null, WriteRaw, json);
}
