using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polywire.Params;

/// <summary>The form in which a param was sent.</summary>
[Experimental("PWX0001")]
public enum ParamKind : byte
{
    /// <summary>UTF-8 text as sent: a query value, a word after <c>paramAdd</c>.</summary>
    Text,

    /// <summary>One whole JSON value as sent.</summary>
    Json,

    /// <summary>One or more uploads; the bytes are what is shown of them, as JSON.</summary>
    File,
}

/// <summary>One raw parameter: bytes as they came and how to read them. Valid as long as the set it was found in.</summary>
[Experimental("PWX0001")]
public readonly ref struct ParamValue(ReadOnlySpan<byte> bytes, ParamKind kind, object? upload = null)
{
    // How deep JSON may be is the transport's to say; what has come so far is within its limit.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 256 };

    /// <summary>The value as it came.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>What the bytes are.</summary>
    public ParamKind Kind { get; } = kind;

    /// <summary>The <see cref="UploadedFile"/>, or the list of them, that the value is; null for any other.</summary>
    public object? Upload { get; } = upload;

    /// <summary>Whether it is <c>null</c>.</summary>
    public bool IsNull => Kind == ParamKind.Json && Bytes.SequenceEqual("null"u8);

    /// <summary>Whether the bytes can go out as they are: JSON without line ends, which would cut a message in two.</summary>
    public bool IsCompactJson => Kind == ParamKind.Json && Bytes.IndexOfAny((byte)'\r', (byte)'\n') < 0;

    /// <summary>Whether it is a text.</summary>
    public bool IsString => Kind == ParamKind.Text || Bytes[0] == (byte)'"';

    /// <summary>Whether the value counts as not sent: <see langword="null"/> or <c>""</c> (core.md I-7).</summary>
    public bool IsEmpty => Kind == ParamKind.Text ? Bytes.IsEmpty : Bytes[0] == (byte)'"' ? Bytes.Length == 2 : IsNull;

    /// <summary>What JavaScript takes for false: null, "", 0, false.</summary>
    public bool IsFalsy => IsEmpty || (Kind == ParamKind.Json && Bytes[0] != (byte)'"' && (Bytes.SequenceEqual("false"u8) || IsZero(Bytes)));

    /// <summary>The text of a string; the JSON as sent of anything else.</summary>
    public string GetText()
    {
        if (Kind == ParamKind.Text || Bytes[0] != (byte)'"')
        {
            return Encoding.UTF8.GetString(Bytes);
        }

        var reader = new Utf8JsonReader(Bytes, AnyDepth);
        reader.Read();
        return ReadString(ref reader);
    }

    /// <summary>Writes the value as JSON.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Kind == ParamKind.Text)
        {
            writer.WriteStringValue(Bytes);
        }
        else if (IsCompactJson)
        {
            writer.WriteRawValue(Bytes, skipInputValidation: true);
        }
        else
        {
            // Line ends can only stand between tokens, where they mean nothing; they would cut a message of ours in two.
            var json = new byte[Bytes.Length];
            var length = 0;
            foreach (var value in Bytes)
            {
                if (value is not ((byte)'\r' or (byte)'\n'))
                {
                    json[length++] = value;
                }
            }

            writer.WriteRawValue(json.AsSpan(0, length), skipInputValidation: true);
        }
    }

    /// <summary>
    /// The plain .NET value: text, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="JsonElement"/>,
    /// <see cref="UploadedFile"/>, a list of those, or null.
    /// </summary>
    /// <remarks>A number too large for a double stays an element, so that it can be written again.</remarks>
    public object? ToObject()
    {
        if (Kind == ParamKind.Text)
        {
            return Encoding.UTF8.GetString(Bytes);
        }

        if (Upload is not null)
        {
            return Upload;
        }

        var reader = new Utf8JsonReader(Bytes, AnyDepth);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => ReadString(ref reader),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            JsonTokenType.Number => reader.TryGetInt64(out var whole) ? (object)whole
                : reader.GetDouble() is var number && double.IsFinite(number) ? number
                : JsonElement.ParseValue(ref reader),
            _ => JsonElement.ParseValue(ref reader),
        };
    }

    /// <summary>Reads a JSON string; a lone surrogate, which UTF-16 peers can send as an escape, becomes U+FFFD.</summary>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Read(reader.ValueSpan);
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> number) =>
        number.ContainsAny((byte)'0', (byte)'-') && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value == 0;
}
