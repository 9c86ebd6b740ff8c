using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire;

/// <summary>Writes an upload as its name, size and type. Public because generated JSON contexts of applications name it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UploadedFileConverter : JsonConverter<UploadedFile>
{
    // Delegates get their input through the serialiser, which cannot carry an object: a number stands for it meanwhile.
    [ThreadStatic]
    private static List<UploadedFile>? _carried;

    /// <inheritdoc/>
    /// <exception cref="JsonException">Always, for JSON that a client sent: files come in forms.</exception>
    public override UploadedFile? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0 && index < _carried?.Count
            ? _carried[index]
            : throw new JsonException("A file comes in a form, not as JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UploadedFile value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        WriteTo(writer, value);
    }

    internal static void WriteTo(Utf8JsonWriter writer, UploadedFile file)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, file.Name);
        writer.WriteNumber("size"u8, file.Length);
        writer.WriteString("type"u8, file.ContentType);
        writer.WriteEndObject();
    }

    /// <summary>Takes a file for the deserialisation that follows on this thread.</summary>
    /// <returns>The number that stands for it.</returns>
    internal static int Carry(UploadedFile file)
    {
        var carried = _carried ??= [];
        carried.Add(file);
        return carried.Count - 1;
    }

    /// <summary>Forgets what was carried.</summary>
    internal static void Drop() => _carried = null;
}
