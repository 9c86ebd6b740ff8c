using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Json;

/// <summary>Finds the number for which JSON has no word, once a value turned out to have one.</summary>
internal sealed class NonFinite(JsonSerializerOptions options)
{
    private readonly Lazy<JsonSerializerOptions> _lenient = new(() => new JsonSerializerOptions(options)
    {
        NumberHandling = options.NumberHandling | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    /// <summary>Where it stands.</summary>
    /// <param name="value">What could not be written.</param>
    /// <param name="root">What the path begins with: <c>$</c>, or the name under which the value is answered.</param>
    /// <returns>The path, <c>$.prices[2].net</c>; null where there is none, or where the value cannot be written for another reason.</returns>
    public string? Find(object value, string root)
    {
        try
        {
            return Find(JsonSerializer.SerializeToElement(value, _lenient.Value.GetTypeInfo(value.GetType())), new StringBuilder(root));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement element, StringBuilder path)
    {
        var length = path.Length;
        switch (element.ValueKind)
        {
            case JsonValueKind.String when element.ValueEquals("NaN"u8) || element.ValueEquals("Infinity"u8) || element.ValueEquals("-Infinity"u8):
                return path.ToString();
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (Find(member.Value, path.Append('.').Append(member.Name)) is { } found)
                    {
                        return found;
                    }

                    path.Length = length;
                }

                return null;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (Find(item, path.Append('[').Append(index++).Append(']')) is { } found)
                    {
                        return found;
                    }

                    path.Length = length;
                }

                return null;
            default:
                return null;
        }
    }
}
