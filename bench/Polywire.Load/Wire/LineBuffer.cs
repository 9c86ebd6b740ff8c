namespace Polywire.Load.Wire;

/// <summary>Collects received bytes and gives them out line by line.</summary>
/// <remarks>Grows up to <see cref="MaxLineBytes"/>. Not thread-safe.</remarks>
internal sealed class LineBuffer(int initialBytes)
{
    /// <summary>The longest line taken from a server; a longer one ends the connection.</summary>
    public const int MaxLineBytes = 16 << 20;

    private byte[] _bytes = new byte[initialBytes];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>Bytes received that make no whole line yet.</summary>
    public int Pending => _end - _start;

    /// <summary>Room to receive into, at least one byte. Spans given out before are no longer valid.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLineBytes"/>.</exception>
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
            if (_bytes.Length >= MaxLineBytes)
            {
                throw new InvalidDataException($"The server sent a line longer than {MaxLineBytes} bytes.");
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
}
