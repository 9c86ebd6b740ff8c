using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polywire.Pipeline;

namespace Polywire.Json;

/// <summary>A growing buffer with a JSON writer on it, rented for the making of one message.</summary>
/// <remarks>
/// Unlike <see cref="ArrayBufferWriter{T}"/> it can be cut back and inserted into, which is how protocol fields are added to an answer
/// after its type's own serialiser has written it. One thread at a time; dispose to give it back.
/// </remarks>
[Experimental("PWX0001")]
public sealed class ResponseBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialBytes = 1024;
    private const int KeptBytes = 256 * 1024;

    // As deep as the writer goes.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 1000 };

    // Two, as an answer that is laid out anew is in both.
    [ThreadStatic]
    private static ResponseBuffer? _spare;

    [ThreadStatic]
    private static ResponseBuffer? _secondSpare;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _length;

    private ResponseBuffer()
    {
        Writer = new Utf8JsonWriter(this, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        });
    }

    /// <summary>Writes compact JSON onto this buffer; flush it before looking at the bytes.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Bytes that are written.</summary>
    public int Length => _length;

    /// <summary>What is written; until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, _length);

    /// <summary>What is written; until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    /// <summary>Takes an empty one of the calling thread's.</summary>
    public static ResponseBuffer Rent()
    {
        var buffer = _spare ?? new ResponseBuffer();
        (_spare, _secondSpare) = (_secondSpare, null);
        return buffer;
    }

    /// <summary>Gives it back to the calling thread.</summary>
    public void Dispose()
    {
        _length = 0;
        Writer.Reset(this);
        if (_bytes.Length > KeptBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
        }

        (_spare, _secondSpare) = (this, _spare);
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    /// <summary>Adds a copy of some bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Adds a byte.</summary>
    public void Write(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    /// <summary>Adds a number in decimal digits.</summary>
    public void Write(long value)
    {
        Reserve(20);
        System.Buffers.Text.Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    /// <summary>Cuts off everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => _length = length;

    /// <summary>Moves what stands from <paramref name="at"/> on to make room for <paramref name="bytes"/>.</summary>
    public void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(at));
        _length += bytes.Length;
    }

    /// <summary>Takes one byte out.</summary>
    public void RemoveAt(int at)
    {
        _bytes.AsSpan(at + 1, _length - at - 1).CopyTo(_bytes.AsSpan(at));
        _length--;
    }

    /// <summary>Takes the closing brace off the object that begins at <paramref name="start"/>, and members that others stand in for.</summary>
    /// <param name="start">Where the object begins.</param>
    /// <param name="reserved">Names that are the protocol's.</param>
    /// <param name="replaced">Members that are written afterwards; null if none.</param>
    /// <param name="failed">Whether the run failed, so that a member <c>error</c> that tells of none goes too.</param>
    /// <param name="hasError">Whether a member <c>error</c> stays that tells of one: any value but null, false and "".</param>
    public void OpenObject(
        int start, ReservedNames reserved, IReadOnlyDictionary<string, object?>? replaced, bool failed, out bool hasError)
    {
        hasError = false;
        var reader = new Utf8JsonReader(_bytes.AsSpan(start, _length - start), AnyDepth);
        reader.Read();
        var end = start + 1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = start + (int)reader.TokenStartIndex;
            var drop = reserved.Contains(reader.ValueSpan) || replaced?.ContainsKey(reader.GetString()!) == true;
            var isError = !drop && reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isError)
            {
                var tells = reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False) && !(reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty);
                hasError |= tells;
                drop |= failed && !tells;
            }

            reader.Skip();
            if (drop)
            {
                continue;
            }

            if (end > start + 1)
            {
                _bytes[end++] = (byte)',';
            }

            // What is kept moves to the left of where the reader is, so it can be moved while it is read.
            var length = start + (int)reader.BytesConsumed - member;
            _bytes.AsSpan(member, length).CopyTo(_bytes.AsSpan(end));
            end += length;
        }

        _length = end;
    }

    private void Reserve(int more)
    {
        var needed = checked(_length + Math.Max(more, 256));
        if (needed <= _bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        WrittenSpan.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
