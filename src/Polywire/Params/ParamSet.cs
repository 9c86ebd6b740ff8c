using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Polywire.Params;

/// <summary>Raw params in the bytes they came in, found by name without making a string.</summary>
/// <remarks>
/// A connection's sticky params and the runs that started from them share one set: each holder counts as a reference, a set with more
/// than one holder is never changed, and the last to let go gives the memory back. So every run has its own copy (core.md P-2) without
/// copying. Names keep the place of their first setting. Not safe to change concurrently; <see cref="Share"/> and <see cref="Release"/> are.
/// </remarks>
[Experimental("PWX0001")]
public sealed partial class ParamSet
{
    private const int KeptBytes = 4096;
    private const int KeptEntries = 64;

    // Up to here the search for other entries of a name is quicker than a dictionary.
    private const int Few = 16;

    private static readonly int[] First = [0];

    [ThreadStatic]
    private static ParamSet? _spare;

    private byte[] _bytes = [];
    private int _length;
    private int _garbage;
    private Entry[] _entries = [];
    private int _count;
    private int _references;
    private List<object>? _uploads;

    private ParamSet()
    {
    }

    /// <summary>How many params there are.</summary>
    public int Count => _count;

    /// <summary>Bytes in use, names and values together.</summary>
    public int Size => _length - _garbage;

    /// <summary>Bytes held, in use or not.</summary>
    public int AllocatedBytes => _bytes.Length;

    /// <summary>Bytes of memory that the set takes, its index included.</summary>
    public long HeldBytes => _bytes.Length + ((long)_entries.Length * Unsafe.SizeOf<Entry>());

    /// <summary>Whether there is more than one holder; then it is not to be changed.</summary>
    public bool IsShared => Volatile.Read(ref _references) > 1;

    /// <summary>An empty set with one holder.</summary>
    public static ParamSet Rent()
    {
        var set = _spare ?? new ParamSet();
        _spare = null;
        set._references = 1;
        return set;
    }

    /// <summary>Adds a holder.</summary>
    /// <returns>The set itself.</returns>
    public ParamSet Share()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    /// <summary>Takes a holder away; with the last one the set is given back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
        {
            return;
        }

        _count = 0;
        _length = 0;
        _garbage = 0;
        _uploads = null;
        if (_spare is null && _bytes.Length <= KeptBytes && _entries.Length <= KeptEntries)
        {
            _spare = this;
            return;
        }

        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _entries = [];
    }

    /// <summary>The set to change: this one if nobody else holds it, else a copy, for which this holder's reference is given up.</summary>
    public ParamSet Own()
    {
        if (!IsShared)
        {
            return this;
        }

        var copy = Rent();
        for (var i = 0; i < _count; i++)
        {
            var value = ValueAt(i);
            copy.AddLast(NameAt(i), value.Bytes, value.Kind, value.Upload);
        }

        Release();
        return copy;
    }

    /// <summary>Sets a value. Neither span may lie in this set.</summary>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ParamKind kind)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            ref var entry = ref _entries[index];
            if (value.Length <= entry.ValueLength)
            {
                // The common case of a repeated request: the new value fits where the old one was.
                value.CopyTo(_bytes.AsSpan(entry.ValueStart));
                _garbage += entry.ValueLength - value.Length;
                entry.ValueLength = value.Length;
                entry.Kind = kind;
                return;
            }

            _garbage += entry.ValueLength;
            entry.ValueLength = 0;
            Compact(value.Length);
            entry = ref _entries[index];
            entry.ValueStart = Append(value);
            entry.ValueLength = value.Length;
            entry.Kind = kind;
            return;
        }

        Compact(name.Length + value.Length);
        AddLast(name, value, kind);
    }

    /// <summary>Takes a param out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(ReadOnlySpan<byte> name)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries[i];
            if (entry.NameLength == name.Length && NameAt(i).SequenceEqual(name))
            {
                _garbage += entry.NameLength + entry.ValueLength;
            }
            else
            {
                _entries[kept++] = entry;
            }
        }

        var removed = kept < _count;
        _count = kept;
        return removed;
    }

    /// <summary>Takes all params out.</summary>
    public void Clear()
    {
        _count = 0;
        _length = 0;
        _garbage = 0;
    }

    /// <summary>Forgets the entries from a place on.</summary>
    public void Truncate(int count) => _count = count;

    /// <summary>Forgets the params but keeps the loaded bytes.</summary>
    public void ForgetMembers() => _count = 0;

    /// <summary>
    /// Adds a param without looking for one of its name, which counts no more from then on: for many at once, where the search for each
    /// among those before it would be quadratic. Neither span may lie in this set.
    /// </summary>
    public void AddLast(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ParamKind kind, object? upload = null)
    {
        var place = 0;
        if (upload is not null)
        {
            place = checked((ushort)(_uploads ??= []).Count);
            _uploads.Add(upload);
        }

        var nameStart = Append(name);
        Add(new Entry
        {
            NameStart = nameStart,
            NameLength = name.Length,
            ValueStart = Append(value),
            ValueLength = value.Length,
            Kind = kind,
            Upload = (ushort)place,
        });
    }

    // Into an empty set, so no name is looked up: a peer's thousand params cost one walk, not a thousand.
    private void CopyFrom(ParamSet other)
    {
        Reserve(other.Size);
        for (var i = 0; i < other._count; i++)
        {
            ref readonly var entry = ref other._entries[i];
            var nameStart = Append(other.NameAt(i));
            var valueStart = Append(other.ValueAt(i).Bytes);
            Add(new Entry
            {
                NameStart = nameStart,
                NameLength = entry.NameLength,
                ValueStart = valueStart,
                ValueLength = entry.ValueLength,
                Kind = entry.Kind,
                Upload = entry.Upload,
            });
        }
    }

    private void Add(Entry entry)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(4, _count * 2));
        }

        _entries[_count++] = entry;
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(_length + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return _length - bytes.Length;
    }

    private void Reserve(int size)
    {
        if (size <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, Math.Min(_bytes.Length * 2, 1 << 20)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }

    // Values that were replaced leave holes. Squeezing them out when they are the larger part keeps a connection that sets a param
    // for ever at twice the size of its params.
    private void Compact(int more)
    {
        if (_garbage < 1024 || _garbage < _length / 2 || _length + more <= _bytes.Length)
        {
            return;
        }

        var target = ArrayPool<byte>.Shared.Rent(_length - _garbage + more);
        var at = 0;
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries[i];
            _bytes.AsSpan(entry.NameStart, entry.NameLength).CopyTo(target.AsSpan(at));
            entry.NameStart = at;
            at += entry.NameLength;
            _bytes.AsSpan(entry.ValueStart, entry.ValueLength).CopyTo(target.AsSpan(at));
            entry.ValueStart = at;
            at += entry.ValueLength;
        }

        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = target;
        _length = at;
        _garbage = 0;
    }

    private struct Entry
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
        public ParamKind Kind;
        public ushort Upload;
    }
}
