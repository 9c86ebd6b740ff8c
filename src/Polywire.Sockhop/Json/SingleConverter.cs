using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Json;

/// <inheritdoc cref="DoubleConverter"/>
internal sealed class SingleConverter : JsonConverter<float>
{
    // JavaScript writes what is not finite as null, and so does this.
    public override bool HandleNull => true;

    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle();

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
