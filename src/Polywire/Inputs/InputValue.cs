using System.ComponentModel;
using System.Text.Json;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Binding;

/// <summary>What was sent for one input, or for one element of it; handed from <see cref="InputReader"/> to converters.</summary>
/// <remarks>Made for generated code; its members follow the generator, not the application. Within a major version none goes, so what was compiled earlier runs.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct InputValue
{
    /// <summary>The room that <see cref="GetText"/> needs for text that no fixed-size type exceeds.</summary>
    public const int TextSize = 128;

    private readonly ParamValue _raw;

    internal InputValue(ParamValue raw)
    {
        _raw = raw;
    }

    internal ParamValue Raw => _raw;

    internal ReadOnlySpan<byte> Bytes => _raw.Bytes;

    internal InputForm Form =>
        _raw.Kind == ParamKind.Text ? InputForm.Text
        : _raw.Bytes.IsEmpty ? InputForm.None
        : _raw.Bytes[0] switch
        {
            (byte)'"' => InputForm.String,
            (byte)'{' => InputForm.Object,
            (byte)'[' => InputForm.Array,
            (byte)'t' => InputForm.True,
            (byte)'f' => InputForm.False,
            (byte)'n' => InputForm.Null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => InputForm.Number,
            _ => InputForm.None,
        };

    /// <summary>The text of a string in UTF-8, without quotes and escapes.</summary>
    /// <param name="buffer">Room for a string that has escapes, <see cref="TextSize"/> bytes.</param>
    /// <returns>Empty if it is no string, or one with escapes that is longer than <paramref name="buffer"/>.</returns>
    public ReadOnlySpan<byte> GetText(Span<byte> buffer)
    {
        switch (Form)
        {
            case InputForm.Text:
                return _raw.Bytes;
            case InputForm.String:
                var inner = _raw.Bytes[1..^1];
                return inner.Contains((byte)'\\') ? Unescape(buffer) : inner;
            default:
                return [];
        }
    }

    /// <summary>The text of a string, or a number as it was sent; empty for anything else.</summary>
    internal ReadOnlySpan<byte> GetTextOrNumber(Span<byte> buffer) => Form == InputForm.Number ? _raw.Bytes : GetText(buffer);

    private ReadOnlySpan<byte> Unescape(Span<byte> buffer)
    {
        // Unescaping never makes text longer.
        if (_raw.Bytes.Length - 2 > buffer.Length)
        {
            return [];
        }

        var reader = new Utf8JsonReader(_raw.Bytes);
        reader.Read();
        try
        {
            return buffer[..reader.CopyString(buffer)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: whatever is looked for is not written like that.
            return [];
        }
    }
}
