using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Sockhop.Protocol;

/// <summary>A growing buffer with a JSON writer on it, kept for the next message of the same thread.</summary>
/// <remarks>Take it with <see cref="Rent"/>, give it back with <see cref="Return"/>; what was written is good until then.</remarks>
internal sealed class PayloadWriter : IBufferWriter<byte>
{
    private const int InitialCapacity = 512;

    // What a thread keeps: more than a usual message, less than would be missed.
    private const int MostKept = 64 << 10;

    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 0,
    };

    [ThreadStatic]
    private static PayloadWriter? _kept;

    private byte[] _buffer = new byte[InitialCapacity];
    private int _written;

    private PayloadWriter()
    {
        Json = new Utf8JsonWriter(this, WriterOptions);
    }

    public Utf8JsonWriter Json { get; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    /// <summary>An empty one. While a serializer of the user's sends in turn, the second is another one.</summary>
    public static PayloadWriter Rent()
    {
        var writer = _kept ?? new PayloadWriter();
        _kept = null;
        return writer;
    }

    public static void Return(PayloadWriter writer)
    {
        if (writer._buffer.Length > MostKept)
        {
            writer._buffer = new byte[InitialCapacity];
        }

        writer._written = 0;
        writer.Json.Reset();
        _kept = writer;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _written += bytes.Length;
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    private void Reserve(int sizeHint)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_buffer.Length - _written >= sizeHint)
        {
            return;
        }

        var size = Math.Max((long)_written + sizeHint, Math.Min(2L * _buffer.Length, Array.MaxLength));
        if (size > Array.MaxLength)
        {
            throw new SockhopException(SockhopErrorCodes.MessageTooLarge, $"A JSON text has at most {Array.MaxLength} bytes here.");
        }

        Array.Resize(ref _buffer, (int)size);
    }
}
