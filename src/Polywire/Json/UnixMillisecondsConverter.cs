using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Json;

/// <summary>Writes a time as whole milliseconds since 1970, a JSON number, as every answer of an ActionHero server does.</summary>
/// <remarks>Source: core.md 0. Fractions of a millisecond are cut off. Public because generated JSON contexts of applications name it.</remarks>
public sealed class UnixMillisecondsConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The number is no time between the years 1 and 9999.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetInt64(out var milliseconds))
        {
            throw new JsonException("A time is a whole number of milliseconds since 1970.");
        }

        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException outOfRange)
        {
            throw new JsonException("A time is between the years 1 and 9999.", outOfRange);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
    }
}
