using System.Buffers;
using System.Text;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Cuts a multipart body into parts while it comes, with one buffer however long they are.</summary>
/// <remarks>
/// Grammar: RFC 2046 5.1.1 with CRLF alone as the end of a line; docs/adr/0027. A boundary counts where a line is the boundary and nothing but
/// blanks behind it; anything else that begins like one is content. One part at a time: what is left of it is passed over by the next call.
/// </remarks>
internal sealed class PartReader : Stream
{
    /// <summary>Bytes that are held at once.</summary>
    public const int BufferBytes = 64 * 1024;

    private const int MaxHeaders = 32;
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxPadding = 1024;

    private static readonly SearchValues<char> BoundaryCharacters =
        SearchValues.Create("'()+_,-./:=? 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly Stream _body;
    private readonly byte[] _delimiter;
    private readonly UploadQuota _preamble;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end = 2;
    private bool _isEnded;
    private bool _isClosed;
    private bool _hasBegun;
    private bool _isAtBoundary;

    /// <summary>Reads a body.</summary>
    /// <param name="body">Not disposed.</param>
    /// <param name="boundary">As <see cref="FindBoundary"/> gave it.</param>
    /// <param name="maxPreamble">Bytes that may stand before the first boundary.</param>
    public PartReader(Stream body, string boundary, long maxPreamble)
    {
        _body = body;
        _delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");
        _preamble = new UploadQuota(maxPreamble);

        // The first boundary may be the first line.
        "\r\n"u8.CopyTo(_buffer);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The boundary that a content type names: 1 to 70 characters of RFC 2046, no blank at its end. Null for anything else.</summary>
    public static string? FindBoundary(string contentType) =>
        HeaderParameters.Parse(contentType) is { } parameters
        && parameters.TryGet("boundary", out var boundary)
        && boundary is { Length: > 0 and <= 70 }
        && !boundary.AsSpan().ContainsAnyExcept(BoundaryCharacters)
        && boundary[^1] != ' '
            ? boundary
            : null;

    /// <summary>Goes to the next part; its content is then read from this stream.</summary>
    /// <returns>Its headers; null after the last part, and for a body of no bytes at all.</returns>
    /// <exception cref="IOException">The body ends before its last boundary.</exception>
    /// <exception cref="InvalidDataException">A header is none.</exception>
    /// <exception cref="PartTooLargeException">The headers of a part, or what stands before the first, are more than a limit.</exception>
    public async ValueTask<PartHeaders?> NextAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun && _end == 2 && !await FillAsync(cancellationToken))
        {
            _isClosed = true;
        }

        while (!_isClosed && !_isAtBoundary)
        {
            var passed = await PeekAsync(cancellationToken);
            if (!_hasBegun && !_preamble.TryTake(passed))
            {
                throw new PartTooLargeException("What stands before the first part of the form is too long.");
            }

            _start += passed;
        }

        if (_isClosed)
        {
            return null;
        }

        _hasBegun = true;
        _isAtBoundary = false;
        return await ReadHeadersAsync(cancellationToken);
    }

    /// <summary>Reads on in the part; 0 at its end.</summary>
    /// <exception cref="IOException">The body ends before its last boundary.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAtBoundary || _isClosed || buffer.IsEmpty)
        {
            return 0;
        }

        var length = Math.Min(await PeekAsync(cancellationToken), buffer.Length);
        _buffer.AsMemory(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Gives the buffer back. Whoever decodes a part may dispose its stream, which does nothing: <see cref="Release"/> does.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _isClosed = true;
        }
    }

    // How many bytes from _start on are content for certain; 0 where the part ends.
    private async ValueTask<int> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = _buffer.AsMemory(_start, _end - _start);
            var at = held.Span.IndexOf(_delimiter);
            if (at > 0)
            {
                return at;
            }

            if (at < 0)
            {
                // What may be the beginning of a boundary waits for the rest.
                var first = held.Span[Math.Max(0, held.Length - _delimiter.Length + 1)..].LastIndexOf((byte)'\r');
                var kept = first < 0 ? 0 : Math.Min(held.Length, _delimiter.Length - 1) - first;
                if (kept > 0 && !_delimiter.AsSpan().StartsWith(held.Span[^kept..]))
                {
                    kept = 0;
                }

                if (held.Length > kept)
                {
                    return held.Length - kept;
                }
            }
            else if (Judge(held.Span[_delimiter.Length..]) is { } line)
            {
                if (line == Line.Content)
                {
                    return _delimiter.Length;
                }

                _isClosed = line == Line.Close;
                _isAtBoundary = !_isClosed;
                return 0;
            }

            if (_isEnded)
            {
                throw new IOException("The form ends before its last boundary.");
            }

            // Looked at once more where nothing came: a boundary may end with the body.
            await FillAsync(cancellationToken);
        }
    }

    // What stands behind a boundary; null if more has to come to tell. At a boundary _start stays at the end of its line.
    private Line? Judge(ReadOnlySpan<byte> rest)
    {
        var isClose = rest.StartsWith("--"u8);
        if (!isClose && rest.Length < 2 && !_isEnded && (rest.IsEmpty || rest[0] == (byte)'-'))
        {
            return null;
        }

        var padding = isClose ? rest[2..] : rest;
        var end = padding.IndexOfAnyExcept((byte)' ', (byte)'\t');
        end = end < 0 ? padding.Length : end;
        if (end > MaxPadding)
        {
            return Line.Content;
        }

        var after = padding[end..];
        if (after.StartsWith("\r\n"u8))
        {
            _start = _end - after.Length;
            return isClose ? Line.Close : Line.Boundary;
        }

        if (isClose && after is [(byte)'\n', ..])
        {
            // Nothing follows that could be misread, and many a script ends its last line so.
            return Line.Close;
        }

        if (after.IsEmpty || after is [(byte)'\r'])
        {
            return !_isEnded ? null : isClose && after.IsEmpty ? Line.Close : Line.Content;
        }

        return Line.Content;
    }

    // _start is at the line end before the line that is looked at, so that a boundary that follows at once is found again.
    private async ValueTask<PartHeaders> ReadHeadersAsync(CancellationToken cancellationToken)
    {
        var headers = new PartHeaders();
        var length = 0;
        var count = 0;
        while (true)
        {
            var held = _buffer.AsMemory(_start + 2, _end - _start - 2);
            var end = held.Span.IndexOf("\r\n"u8);
            if (end < 0)
            {
                if (_isEnded && IsBoundary(held.Span))
                {
                    break;
                }

                if (length + held.Length > MaxHeaderBytes)
                {
                    throw TooManyHeaders();
                }

                if (!await FillAsync(cancellationToken) && !IsBoundary(_buffer.AsSpan(_start + 2, _end - _start - 2)))
                {
                    throw new IOException("The form ends within the headers of a part.");
                }

                continue;
            }

            if (end == 0)
            {
                // Past the blank line, but a boundary may follow it at once: the line end in front of it is the blank line's own.
                _start += 2;
                if (await IsBoundaryNextAsync(cancellationToken))
                {
                    break;
                }

                _start += 2;
                break;
            }

            var line = held.Span[..end];
            if (IsBoundary(line))
            {
                break;
            }

            length += end + 2;
            count += line[0] is (byte)' ' or (byte)'\t' ? 0 : 1;
            if (length > MaxHeaderBytes || count > MaxHeaders)
            {
                throw TooManyHeaders();
            }

            headers.Add(line);
            _start += end + 2;
        }

        headers.Complete();
        return headers;
    }

    // Whether the blank line at _start is followed by a boundary: the content is empty then and has no line end of its own.
    private async ValueTask<bool> IsBoundaryNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = _buffer.AsMemory(_start, _end - _start);
            if (held.Length >= _delimiter.Length)
            {
                if (!held.Span.StartsWith(_delimiter))
                {
                    return false;
                }

                var before = _start;
                if (Judge(held.Span[_delimiter.Length..]) is { } line)
                {
                    _start = before;
                    return line != Line.Content;
                }
            }
            else if (!_delimiter.AsSpan().StartsWith(held.Span))
            {
                return false;
            }

            if (_isEnded)
            {
                return false;
            }

            await FillAsync(cancellationToken);
        }
    }

    private bool IsBoundary(ReadOnlySpan<byte> line) =>
        line.StartsWith(_delimiter.AsSpan(2)) && line[(_delimiter.Length - 2)..] is var rest
        && rest.TrimEnd(" \t"u8) is var bare && (bare.IsEmpty || bare.SequenceEqual("--"u8));

    private static PartTooLargeException TooManyHeaders() =>
        new($"A part of the form has more than {MaxHeaders} headers or {MaxHeaderBytes} bytes of them.");

    // False at the end of the body.
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isEnded)
        {
            return false;
        }

        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var read = await _body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isEnded = read == 0;
        return read > 0;
    }

    private enum Line
    {
        Content,
        Boundary,
        Close,
    }
}
