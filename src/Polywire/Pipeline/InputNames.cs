using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Pipeline;

/// <summary>Gives members of an input the names that the action knows them by, where serialising them changed the first letters.</summary>
internal static class InputNames
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Renames members: <c>to</c> becomes <c>To</c> where the action has an input <c>To</c> and none named <c>to</c>.</summary>
    /// <param name="json">What a value of code was serialised to.</param>
    /// <param name="declared">The inputs of the action, of all its versions.</param>
    /// <returns><paramref name="json"/> itself where no input has such a name.</returns>
    public static byte[] Restore(byte[] json, IReadOnlyList<InputDescriptor> declared)
    {
        if (!declared.Any(Differs))
        {
            return json;
        }

        var buffer = new ArrayBufferWriter<byte>(json.Length + 16);
        using (var document = JsonDocument.Parse(json))
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            Write(writer, document.RootElement, declared);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyList<InputDescriptor> declared)
    {
        if (declared.Count > 0 && value.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                var input = Find(member.Name, value, declared);
                writer.WritePropertyName(input?.Name ?? member.Name);
                Write(writer, member.Value, input?.Members ?? []);
            }

            writer.WriteEndObject();
        }
        else if (declared.Count > 0 && value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                Write(writer, item, declared);
            }

            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static InputDescriptor? Find(string name, JsonElement siblings, IReadOnlyList<InputDescriptor> declared) =>
        declared.FirstOrDefault(input => input.Name == name)
        ?? declared.FirstOrDefault(input => Serialised(input) == name && !siblings.TryGetProperty(input.Name, out _));

    private static bool Differs(InputDescriptor input) => Serialised(input) != input.Name || input.Members.Any(Differs);

    private static string Serialised(InputDescriptor input) => JsonNamingPolicy.CamelCase.ConvertName(input.Name);
}
