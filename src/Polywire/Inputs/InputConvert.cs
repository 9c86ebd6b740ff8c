using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Polywire.Inputs;

namespace Polywire.Binding;

/// <summary>Makes values of the plain types from what was sent.</summary>
/// <remarks>
/// Text and JSON strings are read alike, JSON numbers and booleans as such; cultures play no part. Made for generated code: its members
/// follow the generator, not the application, and within a major version none goes. Source: core.md I-21.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class InputConvert
{
    private static readonly SearchValues<byte> GuidBytes = SearchValues.Create("0123456789abcdefABCDEF-{}()"u8);

    /// <summary>Text; a JSON number or boolean is taken as it is written.</summary>
    public static bool ToText(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out string result)
    {
        switch (value.Form)
        {
            case InputForm.String:
                var inner = value.Bytes[1..^1];
                result = inner.Contains((byte)'\\') ? value.Raw.GetText() : Encoding.UTF8.GetString(inner);
                return true;
            case InputForm.Text or InputForm.Number or InputForm.True or InputForm.False:
                result = Encoding.UTF8.GetString(value.Bytes);
                return true;
            default:
                result = null;
                return false;
        }
    }

    /// <summary><c>true</c>, <c>false</c>, <c>1</c>, <c>0</c>; words in any case.</summary>
    public static bool ToBoolean(ref InputReader reader, scoped InputValue value, out bool result)
    {
        result = false;
        if (value.Form is InputForm.True or InputForm.False)
        {
            result = value.Form == InputForm.True;
            return true;
        }

        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        result = text.SequenceEqual("1"u8) || Ascii.EqualsIgnoreCase(text, "true"u8);
        return result || text.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    /// <summary>One UTF-16 character.</summary>
    public static bool ToChar(ref InputReader reader, scoped InputValue value, out char result)
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        result = default;
        if (Rune.DecodeFromUtf8(text, out var rune, out var length) != OperationStatus.Done || length != text.Length || !rune.IsBmp)
        {
            return false;
        }

        result = (char)rune.Value;
        return true;
    }

    /// <summary>A GUID: 32 figures, with dashes or without, in brackets or not.</summary>
    public static bool ToGuid(ref InputReader reader, scoped InputValue value, out Guid result)
    {
        var text = value.GetText(stackalloc byte[InputValue.TextSize]);
        result = default;

        // The framework passes over white space and takes a form of eleven numbers.
        return text.Length is 32 or 36 or 38 && !text.ContainsAnyExcept(GuidBytes) && Guid.TryParse(text, out result);
    }

    /// <summary>An absolute or relative address.</summary>
    public static bool ToUri(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out Uri result)
    {
        result = null;
        return value.Form is InputForm.Text or InputForm.String
            && !value.Raw.IsEmpty
            && Uri.TryCreate(value.Raw.GetText(), UriKind.RelativeOrAbsolute, out result);
    }

    /// <summary>Base64.</summary>
    public static bool ToBytes(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out byte[] result)
    {
        result = null;
        if (value.Form is not (InputForm.Text or InputForm.String))
        {
            return false;
        }

        var text = value.Form == InputForm.Text ? value.Bytes : value.Bytes[1..^1];
        if (text.Contains((byte)'\\'))
        {
            // A solidus may be sent as an escape, and base64 has some.
            text = Encoding.UTF8.GetBytes(value.Raw.GetText());
        }

        if (!Base64.IsValid(text, out var length))
        {
            return false;
        }

        var bytes = new byte[length];
        var status = Base64.DecodeFromUtf8(text, bytes, out _, out var written);
        if (status != OperationStatus.Done || written != length)
        {
            return false;
        }

        result = bytes;
        return true;
    }

    /// <summary>An upload.</summary>
    public static bool ToFile(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out UploadedFile result)
    {
        result = value.Raw.Upload as UploadedFile;
        return result is not null;
    }

    /// <summary>Uploads of one name; a single one is a list of one.</summary>
    public static bool ToFiles(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out IReadOnlyList<UploadedFile> result)
    {
        result = value.Raw.Upload switch
        {
            UploadedFile file => [file],
            IReadOnlyList<UploadedFile> files => files,
            _ => null,
        };
        return result is not null;
    }

    /// <summary>A type that reads itself from UTF-8.</summary>
    public static bool ToUtf8Parsable<T>(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out T result)
        where T : IUtf8SpanParsable<T>
    {
        if (value.Form is InputForm.Text or InputForm.Number || (value.Form == InputForm.String && !value.Bytes.Contains((byte)'\\')))
        {
            var text = value.Form == InputForm.String ? value.Bytes[1..^1] : value.Bytes;
            result = default;
            return !EndsInNull(text) && T.TryParse(text, CultureInfo.InvariantCulture, out result);
        }

        result = default;
        return value.Form == InputForm.String
            && T.TryParse(Encoding.UTF8.GetBytes(value.Raw.GetText()), CultureInfo.InvariantCulture, out result);
    }

    /// <summary>A type that reads itself from text.</summary>
    public static bool ToParsable<T>(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out T result)
        where T : IParsable<T>
    {
        result = default;
        return value.Form is InputForm.Text or InputForm.String or InputForm.Number
            && T.TryParse(value.Raw.GetText(), CultureInfo.InvariantCulture, out result);
    }

    /// <summary>Whether a text is a name of an enum's member; letters of ASCII in any case.</summary>
    public static bool IsName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(text, name) || text.SequenceEqual(name);

    // The framework's number parsers pass over NULs at the end.
    private static bool EndsInNull(ReadOnlySpan<byte> text) => text.IsEmpty || text[^1] == 0;
}
