using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Compatibility.JavaScript;

/// <summary>Values as JavaScript makes text of them; but an object is its JSON, and null nothing.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Verbs".</remarks>
internal static class JavaScriptText
{
    public static string Of(in ParamValue value)
    {
        if (value.IsString)
        {
            return value.GetText();
        }

        return value.Bytes[0] switch
        {
            (byte)'n' => string.Empty,
            (byte)'t' => "true",
            (byte)'f' => "false",
            (byte)'{' or (byte)'[' => Of((JsonElement)value.ToObject()!),
            _ => OfNumber(value.Bytes),
        };
    }

    /// <summary>A number as JavaScript writes it: of a double's precision, and without an exponent from 1e-6 up to 1e21.</summary>
    /// <param name="json">As it was sent.</param>
    public static string OfNumber(ReadOnlySpan<byte> json)
    {
        var number = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(number) is 0 or (>= 1e-6 and < 1e21))
        {
            return number == 0 ? "0" : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        var at = text.IndexOf('E', StringComparison.Ordinal);
        return at < 0 ? text : Exponent(text, at);
    }

    private static string Of(JsonElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                var isFirst = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!isFirst)
                    {
                        text.Append(',');
                    }

                    isFirst = false;
                    Append(text, item);
                }

                break;
            case JsonValueKind.Object:
                JavaScriptJson.Append(text, element);
                break;
            case JsonValueKind.String:
                text.Append(element.GetString());
                break;
            case JsonValueKind.Number:
                text.Append(OfNumber(JsonMarshal.GetRawUtf8Value(element)));
                break;
            case JsonValueKind.Null:
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    // 1E+21 is 1e+21 there, and 1E-07 is 1e-7.
    private static string Exponent(string text, int at)
    {
        var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, at)}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }
}
