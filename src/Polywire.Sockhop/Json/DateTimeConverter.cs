using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Json;

/// <inheritdoc cref="DateTimeOffsetConverter"/>
internal sealed class DateTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

    // A date that does not say where it is from is taken for UTC, not for the zone of this machine.
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(DateTimeOffsetConverter.ToText(
            value.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(value, TimeSpan.Zero) : new DateTimeOffset(value)));
}
