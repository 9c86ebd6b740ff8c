using System.Buffers.Binary;

namespace Polywire.Load.Wire;

/// <summary>Collects received bytes and gives them out message by message: lines, or frames of a server once <see cref="IsFramed"/>.</summary>
/// <remarks>Grows up to <see cref="MaxMessageBytes"/>. Not thread-safe.</remarks>
internal sealed class MessageBuffer(int initialBytes)
{
    /// <summary>The longest message taken from a server; a longer one ends the connection.</summary>
    public const int MaxMessageBytes = 16 << 20;

    private const byte WholeText = 0x81;

    private byte[] _bytes = new byte[initialBytes];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>Bytes received that make no whole message yet.</summary>
    public int Pending => _end - _start;

    /// <summary>Whether frames come, of which <see cref="TryReadFrame"/> takes the next; otherwise lines.</summary>
    public bool IsFramed { get; set; }

    /// <summary>Room to receive into, at least one byte. Spans given out before are no longer valid.</summary>
    /// <exception cref="InvalidDataException">A message is longer than <see cref="MaxMessageBytes"/>.</exception>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
        }
        else if (_end == _bytes.Length && _start > 0)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end == _bytes.Length)
        {
            if (_bytes.Length >= MaxMessageBytes)
            {
                throw new InvalidDataException($"The server sent a message longer than {MaxMessageBytes} bytes.");
            }

            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Takes over <paramref name="count"/> bytes written to what <see cref="Room"/> gave.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes the next line, without its LF; valid until <see cref="Room"/>.</summary>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var found = _bytes.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (found < 0)
        {
            _scanned = _end;
            line = default;
            return false;
        }

        line = _bytes.AsSpan(_start, _scanned + found - _start);
        _start = _scanned = _scanned + found + 1;
        return true;
    }

    /// <summary>Takes the next frame.</summary>
    /// <param name="opcode">What it is (RFC 6455, 5.2).</param>
    /// <param name="payload">Valid until <see cref="Room"/>.</param>
    /// <exception cref="InvalidDataException">The server masks, compresses or cuts its messages, which it was not asked to.</exception>
    public bool TryReadFrame(out byte opcode, out ReadOnlySpan<byte> payload)
    {
        var bytes = _bytes.AsSpan(_start, _end - _start);
        opcode = 0;
        payload = default;
        if (bytes.Length < 2)
        {
            return false;
        }

        if ((bytes[0] & 0xF0) != (WholeText & 0xF0) || bytes[1] > 127)
        {
            throw new InvalidDataException($"The server sent a frame that begins with {bytes[0]:x2} {bytes[1]:x2}.");
        }

        var head = bytes[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < head)
        {
            return false;
        }

        var length = bytes[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            127 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            var small => small,
        };
        if (bytes.Length - head < length)
        {
            return false;
        }

        opcode = (byte)(bytes[0] & 0x0F);
        payload = bytes.Slice(head, (int)length);
        _start = _scanned = _start + head + (int)length;
        return true;
    }
}
