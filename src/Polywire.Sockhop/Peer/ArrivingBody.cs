using System.Buffers;
using System.IO.Pipelines;

namespace Polywire.Sockhop.Peer;

/// <summary>A buffer whose bytes follow.</summary>
/// <remarks>
/// The connection's reader writes and completes. What is not read of all of a connection's buffers makes that reader pause, until it is read or
/// abandoned.
/// </remarks>
internal sealed class ArrivingBody(IBodyOwner owner) : ReceivedBody
{
    private readonly Lock _gate = new();

    // The pipe never holds its writer up: the connection counts, since its reader cannot wait.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
    private long _unread;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || !TryCount(bytes.Length))
        {
            return;
        }

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

    protected override async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var there = (await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)).Buffer;
        var taken = there.Slice(0, Math.Min(there.Length, buffer.Length));
        taken.CopyTo(buffer.Span);

        // Before the positions mean nothing.
        var count = (int)taken.Length;
        _pipe.Reader.AdvanceTo(taken.End);
        TryCount(-count);
        return count;
    }

    protected override void OnAbandoned()
    {
        lock (_gate)
        {
            owner.CountUnread(-_unread);
            _unread = 0;
        }

        _pipe.Reader.Complete();
    }

    // Once it is abandoned, nothing of it counts any more.
    private bool TryCount(int bytes)
    {
        lock (_gate)
        {
            if (IsAbandoned)
            {
                return false;
            }

            _unread += bytes;
            owner.CountUnread(bytes);
            return true;
        }
    }
}
