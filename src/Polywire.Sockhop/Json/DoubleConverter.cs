using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Json;

/// <summary>Writes what is not finite as null, as JavaScript does.</summary>
internal sealed class DoubleConverter : JsonConverter<double>
{
    // JavaScript writes what is not finite as null, and so does this.
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
