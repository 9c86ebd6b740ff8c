using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Polywire.Sockhop.Protocol;

/// <summary>JSON text from a peer, made fit for the framework's readers: they throw on what JavaScript lets pass.</summary>
internal static class JsonText
{
    public const int AnyDepth = int.MaxValue;
    private const int EscapeLength = 6;

    /// <summary>
    /// Replaces what is no UTF-8 and halves of surrogate pairs by U+FFFD: the latter in place, the former in a copy, since it grows.
    /// </summary>
    public static Span<byte> Sanitize(Span<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        ReplaceLoneSurrogates(json);
        return json;
    }

    /// <summary>Whether it is one JSON value and nothing else.</summary>
    public static bool IsValid(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether it is one JSON value, but for its depth.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> json, int maxDepth) => !IsValid(json, maxDepth) && IsValid(json, AnyDepth);

    /// <summary>
    /// Takes the white space out of JSON text that could end a line: outside strings it may hold control characters, and spaces, which a
    /// terminator can begin with.
    /// </summary>
    /// <param name="json">Valid JSON text.</param>
    /// <param name="spaces">Whether spaces matter too.</param>
    public static ReadOnlySpan<byte> OneLine(ReadOnlySpan<byte> json, bool spaces = true)
    {
        if (json is [(byte)'"', ..] || !(json.ContainsAnyInRange((byte)0, (byte)0x1F) || (spaces && json.Contains((byte)' '))))
        {
            return json;
        }

        var compact = new ArrayBufferWriter<byte>(json.Length);
        using var writer = new Utf8JsonWriter(compact, PayloadWriter.WriterOptions);
        JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = AnyDepth }).WriteTo(writer);
        writer.Flush();
        return compact.WrittenSpan;
    }

    /// <summary>Decodes base64 where it lies, as far as it goes, skipping whatever does not belong to it.</summary>
    /// <returns>The decoded bytes, at the beginning of <paramref name="text"/>.</returns>
    public static Span<byte> DecodeBase64(Span<byte> text)
    {
        if (Base64.IsValid(text, out _))
        {
            Base64.DecodeFromUtf8InPlace(text, out var written);
            return text[..written];
        }

        // What Node's decoder does: foreign characters are skipped, the alphabet for addresses counts too, padding is the end.
        var decoded = 0;
        int bits = 0, count = 0;
        foreach (var c in text)
        {
            if (c == (byte)'=')
            {
                break;
            }

            var digit = Base64Digit(c);
            if (digit < 0)
            {
                continue;
            }

            bits = (bits << 6) | digit;
            count += 6;
            if (count >= 8)
            {
                count -= 8;
                text[decoded++] = (byte)(bits >> count);
                bits &= (1 << count) - 1;
            }
        }

        return text[..decoded];
    }

    private static int Base64Digit(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        (byte)'/' or (byte)'_' => 63,
        _ => -1,
    };

    private static void ReplaceLoneSurrogates(Span<byte> json)
    {
        var at = 0;
        while (json[at..].IndexOf((byte)'\\') is >= 0 and var found)
        {
            at += found;
            if (at + 1 >= json.Length)
            {
                return;
            }

            if (json[at + 1] != (byte)'u')
            {
                at += 2;
                continue;
            }

            var unit = Unit(json, at);
            if (unit is >= 0xD800 and <= 0xDBFF && Unit(json, at + EscapeLength) is >= 0xDC00 and <= 0xDFFF)
            {
                at += 2 * EscapeLength;
                continue;
            }

            if (unit is >= 0xD800 and <= 0xDFFF)
            {
                "\\ufffd"u8.CopyTo(json[at..]);
            }

            at += 2;
        }
    }

    private static int Unit(ReadOnlySpan<byte> json, int at)
    {
        if (at + EscapeLength > json.Length || json[at] != (byte)'\\' || json[at + 1] != (byte)'u')
        {
            return -1;
        }

        var value = 0;
        foreach (var c in json.Slice(at + 2, 4))
        {
            var digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return -1;
            }

            value = (value << 4) | digit;
        }

        return value;
    }
}
