using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Polywire.Doors;

/// <summary>The answer of a verb: an error, or data.</summary>
/// <param name="error">Why it failed; null if it did not.</param>
/// <param name="data">Writes the data of a success; null writes null.</param>
/// <param name="state">Handed to <paramref name="data"/>, so that it needs no closure.</param>
[Experimental("PWX0001")]
public readonly struct VerbReply(string? error, Action<Utf8JsonWriter, object?>? data = null, object? state = null)
{
    private static readonly Action<Utf8JsonWriter, object?> WriteTrue = static (writer, _) => writer.WriteBooleanValue(true);
    private static readonly Action<Utf8JsonWriter, object?> WriteRaw =
        static (writer, state) => writer.WriteRawValue(((ReadOnlyMemory<byte>)state!).Span, skipInputValidation: true);

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; } = error;

    /// <summary>Writes the data of a success; null writes null.</summary>
    public Action<Utf8JsonWriter, object?>? Data { get; } = data;

    /// <summary>Handed to <see cref="Data"/>, so that it needs no closure.</summary>
    public object? State { get; } = state;

    /// <summary>Success, without data.</summary>
    public static VerbReply Nothing => default;

    /// <summary>Success, with <c>true</c> as data.</summary>
    public static VerbReply True => new(null, WriteTrue);

    /// <summary>A failure.</summary>
    /// <param name="error">Why, in words for clients.</param>
    public static VerbReply Failure(string error) => new(error);

    /// <summary>Success, with data that is JSON already.</summary>
    public static VerbReply Raw(ReadOnlyMemory<byte> json) => new(null, WriteRaw, json);
}
