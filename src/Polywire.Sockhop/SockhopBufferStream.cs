using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop;

/// <summary>A buffer that is read while it arrives, so that it need not fit into memory. Good until its handler has finished.</summary>
/// <remarks>
/// It is read asynchronously and once; for one reader. What waits to be read is bounded by <see cref="SockhopOptions.ReceiveQueueLimit"/>: beyond
/// it the connection is not read, replies included. What the handler does not read is skipped.
/// </remarks>
public sealed class SockhopBufferStream : Stream
{
    private readonly ReceivedBody _body;
    private long _position;

    internal SockhopBufferStream(string type, long length, ReceivedBody body)
    {
        Type = type;
        Length = length;
        _body = body;
    }

    /// <summary>The type's name; <c>Buffer</c> unless it is a typed buffer.</summary>
    public string Type { get; }

    /// <summary>How many bytes it has, all told; known before they have come.</summary>
    public override long Length { get; }

    /// <summary>How many bytes were read. It cannot be set.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Waits for bytes.</summary>
    /// <returns>How many there were; 0 at the end.</returns>
    /// <exception cref="SockhopException"><see cref="SockhopErrorCodes.SocketDestroyed"/>: the connection ended within the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The handler has finished.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var count = await _body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: it would block a thread for bytes that the thread itself may have to receive.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Skips what was not read.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Abandon();
        }

        base.Dispose(disposing);
    }
}
