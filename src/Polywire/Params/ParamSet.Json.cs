using System.Buffers;
using System.Text.Json;

namespace Polywire.Params;

public sealed partial class ParamSet
{
    /// <summary>Takes a copy of JSON; <see cref="AddMember"/> then names parts of it. Lone surrogates become U+FFFD.</summary>
    /// <returns>The copy, to parse. Valid until the set is changed otherwise.</returns>
    public Span<byte> Load(in ReadOnlySequence<byte> bytes)
    {
        var length = checked((int)bytes.Length);
        Reserve(length);
        if (bytes.IsSingleSegment)
        {
            bytes.FirstSpan.CopyTo(_bytes);
        }
        else
        {
            bytes.CopyTo(_bytes);
        }

        _length = length;
        _garbage = 0;
        _count = 0;
        LoneSurrogates.Replace(_bytes.AsSpan(0, length));
        return _bytes.AsSpan(0, length);
    }

    /// <summary>Makes room for JSON that the caller writes there; before it is read, <see cref="ReplaceLoneSurrogates"/>.</summary>
    /// <returns>Exactly <paramref name="length"/> bytes, not cleared.</returns>
    public Span<byte> Prepare(int length)
    {
        Reserve(length);
        _length = length;
        _garbage = 0;
        _count = 0;
        return _bytes.AsSpan(0, length);
    }

    /// <summary>Makes U+FFFD of lone surrogates, as <see cref="Load"/> does.</summary>
    /// <returns>The JSON as it was, of the same length; null where there were none.</returns>
    public byte[]? ReplaceLoneSurrogates()
    {
        var json = _bytes.AsSpan(0, _length);
        if (!LoneSurrogates.AreIn(json))
        {
            return null;
        }

        var before = json.ToArray();
        LoneSurrogates.Replace(json);
        return before;
    }

    /// <summary>Stores a JSON value that is not a param, such as the id of a request, for as long as the set lives.</summary>
    /// <returns>Where it stands.</returns>
    public ParamRange Keep(ReadOnlySpan<byte> json) => new(Append(json), json.Length, ParamKind.Json);

    /// <summary>Takes a copy of JSON behind what is there; <see cref="AddMember"/> then names parts of it. Nothing in it is replaced.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="offset">Where the copy begins.</param>
    /// <returns>The copy, to parse. Valid until the set is changed otherwise than by <see cref="AddMember"/>.</returns>
    public Span<byte> LoadMore(ReadOnlySpan<byte> json, out int offset)
    {
        offset = _length;
        Append(json);
        return _bytes.AsSpan(offset, json.Length);
    }

    /// <summary>Adds a member of the loaded JSON: the property on which <paramref name="reader"/> stands; leaves it on the value's end.</summary>
    /// <param name="reader">Over the loaded bytes.</param>
    /// <param name="offset">Where the reader's input begins among the loaded bytes.</param>
    public void AddMember(ref Utf8JsonReader reader, int offset)
    {
        var nameStart = offset + (int)reader.TokenStartIndex + 1;
        var nameLength = reader.ValueSpan.Length;
        if (reader.ValueIsEscaped)
        {
            nameLength = UnescapeInPlace(ref reader, nameStart, nameLength);
        }

        reader.Read();
        var valueStart = offset + (int)reader.TokenStartIndex;
        reader.Skip();
        Add(new Entry
        {
            NameStart = nameStart,
            NameLength = nameLength,
            ValueStart = valueStart,
            ValueLength = offset + (int)reader.BytesConsumed - valueStart,
            Kind = ParamKind.Json,
        });
    }

    /// <summary>Adds a param whose name and value stand among the loaded bytes.</summary>
    public void AddLoaded(int nameStart, int nameLength, in ParamRange value) =>
        Add(new Entry { NameStart = nameStart, NameLength = nameLength, ValueStart = value.Start, ValueLength = value.Length, Kind = value.Kind });

    // The unescaped name is shorter than what was sent and the reader is past it, so it can be written over it.
    private int UnescapeInPlace(ref Utf8JsonReader reader, int start, int length)
    {
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var written = reader.CopyString(rented);
            rented.AsSpan(0, written).CopyTo(_bytes.AsSpan(start));
            return written;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the name stays as it was sent.
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
