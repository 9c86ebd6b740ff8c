using System.Text;

namespace Polywire.Params;

/// <content>Reading: names, values and places, and the search for a name.</content>
public sealed partial class ParamSet
{
    /// <summary>The name of a param, UTF-8; until the set changes.</summary>
    public ReadOnlySpan<byte> NameAt(int index)
    {
        ref readonly var entry = ref _entries[index];
        return _bytes.AsSpan(entry.NameStart, entry.NameLength);
    }

    /// <summary>The value of a param; until the set changes.</summary>
    public ParamValue ValueAt(int index)
    {
        ref readonly var entry = ref _entries[index];
        var upload = entry.Kind == ParamKind.File ? _uploads![entry.Upload] : null;
        return new ParamValue(_bytes.AsSpan(entry.ValueStart, entry.ValueLength), entry.Kind, upload);
    }

    /// <summary>Finds the value of a name, UTF-8.</summary>
    public bool TryFind(scoped ReadOnlySpan<byte> name, out ParamValue value)
    {
        var index = IndexOf(name);
        value = index < 0 ? default : ValueAt(index);
        return index >= 0;
    }

    /// <summary>Where the name stands, or -1. The last of several counts, as in JSON.</summary>
    public int IndexOf(scoped ReadOnlySpan<byte> name)
    {
        var bytes = _bytes;
        var entries = _entries;
        for (var i = _count - 1; i >= 0; i--)
        {
            ref readonly var entry = ref entries[i];
            if (entry.NameLength == name.Length && bytes.AsSpan(entry.NameStart, entry.NameLength).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether no entry before this one has its name.</summary>
    public bool IsFirst(int index)
    {
        var name = NameAt(index);
        for (var i = 0; i < index; i++)
        {
            if (NameAt(i).SequenceEqual(name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where the value of a param stands.</summary>
    public ParamRange RangeAt(int index)
    {
        ref readonly var entry = ref _entries[index];
        return new ParamRange(entry.ValueStart, entry.ValueLength, entry.Kind);
    }

    /// <summary>The value that stands in a place; until the set changes.</summary>
    public ParamValue ValueAt(in ParamRange range) => new(_bytes.AsSpan(range.Start, range.Length), range.Kind);

    /// <summary>The bytes of a place; until the set changes.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>The places that count: of several entries with one name only the last, in the order of the first.</summary>
    public IEnumerable<int> DistinctIndexes()
    {
        if (_count <= 1)
        {
            return _count == 0 ? [] : First;
        }

        if (_count <= Few)
        {
            var places = new List<int>(_count);
            for (var i = 0; i < _count; i++)
            {
                if (IsFirst(i))
                {
                    places.Add(IndexOf(NameAt(i)));
                }
            }

            return places;
        }

        // A dictionary with the framework's keyed hash: the names are the peer's.
        var last = new OrderedDictionary<string, int>(_count, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
        {
            last[Encoding.UTF8.GetString(NameAt(i))] = i;
        }

        return last.Values;
    }
}
