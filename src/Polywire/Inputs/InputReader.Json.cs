using System.Text.Json;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Binding;

public ref partial struct InputReader
{
    private static bool TryGetElements(InputValue value, out ReadOnlySpan<byte> json, out int count)
    {
        count = 0;
        if (!TryGetJson(value, (byte)'[', out json))
        {
            return value.Form == InputForm.Text;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                reader.Skip();
                count++;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // JSON of a JSON transport has been read once; text has to show that it is JSON. Either may be nested deeper than the reader allows.
    private static bool TryGetJson(InputValue value, byte opening, out ReadOnlySpan<byte> json)
    {
        json = value.Form == InputForm.Text ? value.Bytes.Trim(" \t\r\n"u8) : value.Bytes;
        if (json.IsEmpty || json[0] != opening)
        {
            json = [];
            return false;
        }

        if (value.Form == InputForm.Text && !IsJson(json))
        {
            json = [];
            return false;
        }

        return true;
    }

    private static bool IsJson(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryFindMembers(ReadOnlySpan<byte> json, InputDescriptor[] members, Span<ParamRange> ranges)
    {
        ranges.Clear();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            var expected = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var index = IndexOf(ref reader, members, expected);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (index >= 0)
                {
                    ranges[index] = new ParamRange(start, (int)reader.BytesConsumed - start, ParamKind.Json);
                    expected = index + 1;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Members usually come in the order in which they are declared.
    private static int IndexOf(ref Utf8JsonReader name, InputDescriptor[] members, int expected)
    {
        for (var i = 0; i < members.Length; i++)
        {
            var index = expected + i;
            index = index < members.Length ? index : index - members.Length;
            if (IsNamed(ref name, members[index].Utf8Name))
            {
                return index;
            }
        }

        return -1;
    }

    private static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(name);
        }

        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no input is called that.
            return false;
        }
    }

    private static InputValue ReadElement(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        return SkipElement(ref reader, json);
    }

    private static InputValue SkipElement(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new InputValue(new ParamValue(json[start..(int)reader.BytesConsumed], ParamKind.Json));
    }
}
