using System.Buffers;
using System.IO.Pipelines;

namespace Polywire.Sockhop.Connections;

/// <summary>A buffer's bytes on their way from the connection's reader to a handler that reads them as a stream.</summary>
/// <remarks>One thread writes and completes, one reads. What is not read makes the connection's reader pause, until it is abandoned.</remarks>
internal sealed class ReceivedBody(Connection connection)
{
    // The pipe never holds its writer up: the reader of the connection asks IsFull instead, since it cannot wait.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
    private readonly long _limit = connection.Settings.ReceiveQueueLimit;
    private volatile bool _isAbandoned;
    private long _unread;

    /// <summary>Whether more of it should not be received yet.</summary>
    public bool IsFull => !_isAbandoned && Volatile.Read(ref _unread) > _limit;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isAbandoned || bytes.IsEmpty)
        {
            return;
        }

        Interlocked.Add(ref _unread, bytes.Length);
        _pipe.Writer.Write(bytes);
        var flushing = _pipe.Writer.FlushAsync();
        if (flushing.IsCompleted)
        {
            // Always: nothing makes the pipe wait. It only asks to be asked.
            flushing.GetAwaiter().GetResult();
        }
    }

    /// <summary>Nothing more comes.</summary>
    /// <param name="error">Why not all has come; null at the end.</param>
    public void Complete(Exception? error = null) => _pipe.Writer.Complete(error);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isAbandoned, typeof(SockhopBufferStream));
        var there = (await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)).Buffer;
        var taken = there.Slice(0, Math.Min(there.Length, buffer.Length));
        taken.CopyTo(buffer.Span);

        // Before the positions mean nothing.
        var count = (int)taken.Length;
        _pipe.Reader.AdvanceTo(taken.End);
        var left = Interlocked.Add(ref _unread, -count);
        if (left <= _limit && left + count > _limit)
        {
            connection.ResumeReading();
        }

        return count;
    }

    /// <summary>Lets what was not read, and what still comes, be skipped.</summary>
    public void Abandon()
    {
        if (!_isAbandoned)
        {
            _isAbandoned = true;
            _pipe.Reader.Complete();
            connection.ResumeReading();
        }
    }
}
