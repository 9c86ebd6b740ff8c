using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The param <c>callback</c>, which turns a JSON answer into a script (JSONP).</summary>
/// <remarks>Source: docs/protocol/http.md, "JSONP".</remarks>
internal static class JsonpCallback
{
    /// <summary>Characters that a callback may have.</summary>
    public const int MaxLength = 256;

    // U+2028 and U+2029 begin with these bytes.
    private static ReadOnlySpan<byte> LineSeparators => [0xe2, 0x80];

    // Of a text with one of these the escaped form could be a program, or a part of one.
    private static readonly SearchValues<char> Foul = SearchValues.Create(
        "`/\\#\u007f\u0085\u2028\u2029" + new string([.. Enumerable.Range(0, ' ').Select(code => (char)code)]));

    /// <summary>The callback that was sent; null where there is none that is a text.</summary>
    /// <remarks>Its length is to be checked; what may stand in a script is <see cref="FindScript"/>'s.</remarks>
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

    /// <summary>The callback as it stands in the script; null where the answer is to be plain JSON.</summary>
    public static string? FindScript(ParamSet set)
    {
        var callback = Find(set);
        if (callback is null || IsName(callback))
        {
            return callback;
        }

        // As ever since, as far as what comes of it is no program at all: no script has "&" in front, or "&#39;" outside of quotes.
        var escaped = callback.AsSpan().ContainsAny(Foul) ? "" : Escape(callback);
        return escaped.StartsWith('&') || escaped.Contains("&#39;", StringComparison.Ordinal) ? escaped : null;
    }

    /// <summary>Whether a callback is a name, or names with dots between, each with any number of <c>[12]</c> or <c>["word"]</c> behind it.</summary>
    internal static bool IsName(ReadOnlySpan<char> callback)
    {
        while (true)
        {
            var length = 0;
            while (length < callback.Length && (char.IsLetter(callback[length]) || callback[length] is '_' or '$' || (length > 0 && char.IsAsciiDigit(callback[length]))))
            {
                length++;
            }

            if (length == 0)
            {
                return false;
            }

            callback = callback[length..];
            while (callback is ['[', ..])
            {
                var end = callback.IndexOf(']');
                if (end < 0 || !IsIndex(callback[1..end]))
                {
                    return false;
                }

                callback = callback[(end + 1)..];
            }

            if (callback is not ['.', ..])
            {
                return callback.IsEmpty;
            }

            callback = callback[1..];
        }
    }

    private static bool IsIndex(ReadOnlySpan<char> index)
    {
        if (index is ['"', .. var doubly, '"'])
        {
            return IsWord(doubly);
        }

        if (index is ['\'', .. var singly, '\''])
        {
            return IsWord(singly);
        }

        return !index.IsEmpty && !index.ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$' or '-'))
            {
                return false;
            }
        }

        return !word.IsEmpty;
    }

    private static string Escape(string callback)
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
    /// <param name="callback">Of <see cref="FindScript"/>.</param>
    /// <param name="json">The answer.</param>
    public static ReadOnlyMemory<byte> Wrap(string callback, ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        Encoding.UTF8.GetBytes(callback.AsSpan(), output);
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
