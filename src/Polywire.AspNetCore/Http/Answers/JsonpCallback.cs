using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The param <c>callback</c>, which turns a JSON answer into a script (JSONP).</summary>
/// <remarks>Source: docs/protocol/http.md, "JSONP".</remarks>
internal static class JsonpCallback
{
    /// <summary>Characters that a callback may have.</summary>
    public const int MaxLength = 256;

    // U+2028 and U+2029 begin with these bytes.
    private static ReadOnlySpan<byte> LineSeparators => [0xe2, 0x80];

    /// <summary>The callback that was sent; null where there is none that is a text.</summary>
    public static string? Find(ParamSet set)
    {
        if (!set.TryFind("callback"u8, out var sent))
        {
            return null;
        }

        var text = sent.IsString ? sent.GetText()
            : sent.Kind == ParamKind.Json && sent.Bytes[0] == (byte)'[' ? LastText(sent.Bytes)
            : null;
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The callback as it stands in the script: nothing in it can end the call or open a tag.</summary>
    public static string Escape(string callback)
    {
        var escaped = new StringBuilder(callback.Length);
        foreach (var c in callback)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '(' or ')' => escaped,
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The script.</summary>
    public static ReadOnlyMemory<byte> Wrap(string callback, ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        Encoding.UTF8.GetBytes(Escape(callback).AsSpan(), output);
        output.Write("("u8);
        WriteJson(json, output);
        output.Write(");"u8);
        return output.WrittenMemory;
    }

    // Two characters end a line of a script that JSON lets stand.
    private static void WriteJson(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        while (json.IndexOf(LineSeparators) is var at and >= 0)
        {
            output.Write(json[..at]);
            var rest = json[at..];
            var isSeparator = rest.Length > 2 && rest[2] is 0xa8 or 0xa9;
            output.Write(!isSeparator ? rest[..2] : rest[2] == 0xa8 ? "\\u2028"u8 : "\\u2029"u8);
            json = rest[(isSeparator ? 3 : 2)..];
        }

        output.Write(json);
    }

    private static string? LastText(ReadOnlySpan<byte> list)
    {
        string? last = null;
        var reader = new Utf8JsonReader(list);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                last = ParamValue.ReadString(ref reader);
            }

            reader.Skip();
        }

        return last;
    }
}
