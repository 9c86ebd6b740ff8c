using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polywire.Inputs;

/// <summary>Tells validation attributes in the words of JSON Schema, as the generator does.</summary>
internal static class JsonConstraints
{
    public static IReadOnlyDictionary<string, object> Of(IEnumerable<ValidationAttribute> attributes, JsonArray? names, string type)
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        if (names is not null)
        {
            found["enum"] = names.Where(name => name?.GetValueKind() == JsonValueKind.String).Select(name => name!.GetValue<string>()).ToArray();
        }

        var counted = type switch { "array" => "Items", "object" => "Properties", _ => "Length" };
        foreach (var attribute in attributes)
        {
            switch (attribute)
            {
                case StringLengthAttribute length:
                    Least(found, "minLength", length.MinimumLength);
                    found["maxLength"] = length.MaximumLength;
                    break;
                case LengthAttribute length:
                    found["min" + counted] = length.MinimumLength;
                    found["max" + counted] = length.MaximumLength;
                    break;
                case MinLengthAttribute length:
                    found["min" + counted] = length.Length;
                    break;
                case MaxLengthAttribute { Length: >= 0 } length:
                    found["max" + counted] = length.Length;
                    break;
                case RangeAttribute { Minimum: int or double, Maximum: int or double } range:
                    found[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = range.Minimum;
                    found[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = range.Maximum;
                    break;
                case RegularExpressionAttribute pattern:
                    found["pattern"] = pattern.Pattern;
                    break;
                case EmailAddressAttribute:
                    found["format"] = "email";
                    break;
                case UrlAttribute:
                    found["format"] = "uri";
                    break;
            }
        }

        return found;
    }

    private static void Least(Dictionary<string, object> found, string word, int length)
    {
        if (length > 0)
        {
            found[word] = length;
        }
    }
}
