using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.Diagnostics;

/// <summary>Writes params as JSON text that a log can take: secrets hidden, hidden characters shown, everything bounded.</summary>
/// <remarks>Source: docs/protocol/core.md, L-2. Holds only settings; safe to use concurrently.</remarks>
internal sealed class ParamsLine(PolywireOptions options)
{
    private const string Filtered = "[FILTERED]";
    private const int LongestName = 512;

    // As deep as any transport lets JSON be.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 256 };
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly HashSet<string> _filtered = new(options.FilteredParams, StringComparer.Ordinal);
    private readonly SecretNames? _secret = options.FilterWellKnownNames ? new SecretNames() : null;
    private readonly int _maxText = options.MaxLogStringLength;
    private readonly int _maxItems = options.MaxLogArrayLength;
    private readonly int _maxLine = options.MaxLogParamsLength;

    /// <summary>The params that were sent.</summary>
    /// <param name="set">The params; null for none.</param>
    /// <param name="inputs">The action's inputs.</param>
    /// <param name="others">Secrets of other actions, for params that are no input of this one.</param>
    public string Write(ParamSet? set, IReadOnlyList<InputDescriptor> inputs, IReadOnlyList<InputDescriptor> others)
    {
        if (set is null || set.Count == 0)
        {
            return "{}";
        }

        using var buffer = ResponseBuffer.Rent();
        var chars = ArrayPool<char>.Shared.Rent(Math.Max(_maxText, LongestName) + 1);
        try
        {
            buffer.Write((byte)'{');
            var left = 0;
            foreach (var index in set.DistinctIndexes())
            {
                if (IsFull(buffer))
                {
                    left++;
                    continue;
                }

                Separate(buffer);
                WriteParam(buffer, set, index, inputs, others, chars);
            }

            if (left > 0)
            {
                Separate(buffer);
                buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"...\":\"{left} more\"")));
            }

            buffer.Write((byte)'}');
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static InputDescriptor? Find(IReadOnlyList<InputDescriptor> inputs, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Utf8Name.SequenceEqual(name))
            {
                return inputs[i];
            }
        }

        return null;
    }

    private static InputDescriptor? Find(IReadOnlyList<InputDescriptor>? inputs, string name)
    {
        for (var i = 0; i < inputs?.Count; i++)
        {
            if (inputs[i].Name == name)
            {
                return inputs[i];
            }
        }

        return null;
    }

    private static bool HasSecret(IReadOnlyList<InputDescriptor> inputs) => inputs.Any(input => input.Secret || HasSecret(input.Members));

    private static void Separate(ResponseBuffer buffer)
    {
        if (buffer.WrittenSpan[^1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            buffer.Write((byte)',');
        }
    }

    private bool IsFull(ResponseBuffer buffer) => buffer.Length >= _maxLine;

    private void WriteParam(
        ResponseBuffer buffer, ParamSet set, int index, IReadOnlyList<InputDescriptor> inputs, IReadOnlyList<InputDescriptor> others, char[] chars)
    {
        var name = set.NameAt(index);
        var value = set.ValueAt(index);
        var input = Find(inputs, name) ?? Find(others, name);
        var path = _filtered.Count > 0 ? Encoding.UTF8.GetString(name) : null;
        var hidden = input?.Secret == true || _secret?.Contains(name) == true || (path is not null && _filtered.Contains(path));
        WriteText(buffer, chars.AsSpan(0, Decode(name, chars)));
        buffer.Write((byte)':');
        if (hidden)
        {
            WriteFiltered(buffer);
        }
        else if (value.Kind == ParamKind.Text)
        {
            WriteValueText(buffer, chars.AsSpan(0, Decode(value.Bytes, chars)), Hides(input, path));
        }
        else
        {
            var reader = new Utf8JsonReader(value.Bytes, AnyDepth);
            reader.Read();
            WriteValue(buffer, ref reader, path, input, chars);
        }
    }

    private bool Hides(InputDescriptor? input, string? path) =>
        (input is not null && HasSecret(input.Members)) || (path is not null && _filtered.Any(name => name.StartsWith($"{path}.", StringComparison.Ordinal)));

    private void WriteValue(ResponseBuffer buffer, ref Utf8JsonReader reader, string? path, InputDescriptor? input, char[] chars)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(buffer, ref reader, path, input, chars);
                break;
            case JsonTokenType.StartArray:
                WriteArray(buffer, ref reader, path, input, chars);
                break;
            case JsonTokenType.String:
                WriteValueText(buffer, chars.AsSpan(0, DecodeJson(reader, chars)), Hides(input, path));
                break;
            case JsonTokenType.Number when reader.ValueSpan.Length > Math.Max(_maxText, 32):
                // Half a number is another number.
                WriteText(buffer, chars.AsSpan(0, Decode(reader.ValueSpan, chars)));
                break;
            default:
                buffer.Write(reader.ValueSpan);
                break;
        }
    }

    private void WriteObject(ResponseBuffer buffer, ref Utf8JsonReader reader, string? path, InputDescriptor? input, char[] chars)
    {
        buffer.Write((byte)'{');
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Separate(buffer);
            if (IsFull(buffer))
            {
                buffer.Write("\"...\":\"more\""u8);
                SkipRest(ref reader);
                break;
            }

            var name = reader.ValueSpan.Length <= LongestName ? ParamValue.ReadString(ref reader) : null;
            var member = name is null ? null : Find(input?.Members, name);
            var inner = path is not null && name is not null ? $"{path}.{name}" : null;
            WriteText(buffer, chars.AsSpan(0, DecodeJson(reader, chars)));
            buffer.Write((byte)':');
            reader.Read();
            if (name is not null && (member?.Secret == true || _secret?.Contains(name) == true || (inner is not null && _filtered.Contains(inner))))
            {
                WriteFiltered(buffer);
                reader.Skip();
            }
            else
            {
                WriteValue(buffer, ref reader, inner, member, chars);
            }
        }

        buffer.Write((byte)'}');
    }

    // Each byte is looked at once, however deep lists stand in lists.
    private void WriteArray(ResponseBuffer buffer, ref Utf8JsonReader reader, string? path, InputDescriptor? input, char[] chars)
    {
        var start = buffer.Length;
        var count = 0;
        buffer.Write((byte)'[');
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count > _maxItems || (IsFull(buffer) && count > 1))
            {
                reader.Skip();
                continue;
            }

            Separate(buffer);
            WriteValue(buffer, ref reader, path, input, chars);
        }

        if (count <= _maxItems && !IsFull(buffer))
        {
            buffer.Write((byte)']');
            return;
        }

        buffer.Truncate(start);
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{count} items\"")));
    }

    // To the end of the object in whose middle the reader is.
    private static void SkipRest(ref Utf8JsonReader reader)
    {
        do
        {
            reader.Skip();
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject);
    }

    private static void WriteFiltered(ResponseBuffer buffer) => buffer.Write("\"[FILTERED]\""u8);

    // Members may be sent as JSON text. Nobody binds it for a log line, so where they may be secret it is not shown at all.
    private void WriteValueText(ResponseBuffer buffer, ReadOnlySpan<char> text, bool hides)
    {
        if ((hides && text.TrimStart() is ['{' or '[', ..]) || _secret?.AreInJson(text) == true)
        {
            WriteFiltered(buffer);
        }
        else
        {
            WriteText(buffer, text, isChecked: true);
        }
    }

    private void WriteText(ResponseBuffer buffer, ReadOnlySpan<char> text, bool isChecked = false)
    {
        if (!isChecked && _secret?.AreInJson(text) == true)
        {
            // A form that is JSON has it in a name.
            text = Filtered;
        }

        buffer.Write((byte)'"');
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? text.Length : plain;
            buffer.Advance(Encoding.ASCII.GetBytes(text[..plain], buffer.GetSpan(plain)));
            text = text[plain..];
            if (text.IsEmpty)
            {
                break;
            }

            var isWhole = Rune.DecodeFromUtf16(text, out var rune, out var taken) == OperationStatus.Done;
            WriteRune(buffer, isWhole ? rune : Rune.ReplacementChar);
            text = text[taken..];
        }

        buffer.Write((byte)'"');
    }

    private static void WriteRune(ResponseBuffer buffer, Rune rune)
    {
        switch (rune.Value)
        {
            case '"':
                buffer.Write("\\\""u8);
                return;
            case '\\':
                buffer.Write("\\\\"u8);
                return;
            case '\n':
                buffer.Write("\\n"u8);
                return;
            case '\r':
                buffer.Write("\\r"u8);
                return;
            case '\t':
                buffer.Write("\\t"u8);
                return;
        }

        if (!LogText.IsHidden(rune))
        {
            buffer.Advance(rune.EncodeToUtf8(buffer.GetSpan(4)));
            return;
        }

        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));
        }
    }

    // As many characters as are shown; never half of a surrogate pair.
    private int Decode(ReadOnlySpan<byte> utf8, char[] chars)
    {
        Utf8.ToUtf16(utf8, chars.AsSpan(0, _maxText), out _, out var length, replaceInvalidSequences: true, isFinalBlock: true);
        return length;
    }

    // The characters of a JSON text or name, of which only the beginning is looked at however long it is.
    private int DecodeJson(in Utf8JsonReader reader, char[] chars)
    {
        var json = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return Decode(json, chars);
        }

        var length = 0;
        while (!json.IsEmpty && length < _maxText)
        {
            var plain = json.IndexOf((byte)'\\');
            var run = plain < 0 ? json : json[..plain];
            Utf8.ToUtf16(run, chars.AsSpan(length, _maxText - length), out var read, out var written, replaceInvalidSequences: true, isFinalBlock: true);
            length += written;
            json = json[read..];
            if (read < run.Length || json.IsEmpty || length >= _maxText)
            {
                break;
            }

            chars[length++] = Unescape(json, out var taken);
            json = json[taken..];
        }

        return length > 0 && char.IsHighSurrogate(chars[length - 1]) ? length - 1 : length;
    }

    private static char Unescape(ReadOnlySpan<byte> json, out int taken)
    {
        taken = 2;
        switch (json[1])
        {
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'u':
                taken = 6;
                return (char)ushort.Parse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            default: return (char)json[1];
        }
    }
}
