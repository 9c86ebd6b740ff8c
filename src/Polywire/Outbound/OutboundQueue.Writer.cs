using System.IO.Pipelines;

namespace Polywire.Outbound;

public sealed partial class OutboundQueue
{
    private const int FileBlockBytes = 64 * 1024;

    /// <summary>Sends a file's bytes between two messages; they are read as they go out and count against no limit.</summary>
    /// <param name="file">The queue reads it but does not dispose it.</param>
    /// <returns>Whether all of it was written; false where the connection ended first.</returns>
    public Task<bool> SendFileAsync(OutboundFile file)
    {
        lock (_gate)
        {
            if (_completed || _aborted)
            {
                return Task.FromResult(false);
            }

            Enqueue(new Segment { File = file });
        }

        Flush();
        return file.Done.Task;
    }

    // Entered by whoever set _writing; leaves when nothing waits or when the system does not take more at once.
    private void WriteLoop(Segment segment = default)
    {
        try
        {
            while (segment.Messages > 0 || TryTake(out segment))
            {
                if (segment.File is not null)
                {
                    _ = WriteFileAsync(segment.File);
                    return;
                }

                var write = _output.WriteAsync(segment.Bytes);
                if (!write.IsCompletedSuccessfully)
                {
                    _ = FinishAsync(write, segment);
                    return;
                }

                if (!Written(write.Result, segment))
                {
                    return;
                }

                segment = default;
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private async Task FinishAsync(ValueTask<FlushResult> write, Segment segment)
    {
        try
        {
            if (!Written(await write, segment))
            {
                return;
            }
        }
        catch (Exception exception)
        {
            Return(segment);
            Fail(exception);
            return;
        }

        WriteLoop();
    }

    private async Task WriteFileAsync(OutboundFile file)
    {
        try
        {
            for (long position = 0; position < file.Length && !_aborted;)
            {
                var block = _output.GetMemory((int)Math.Min(FileBlockBytes, file.Length - position));
                if (block.Length > file.Length - position)
                {
                    block = block[..(int)(file.Length - position)];
                }

                var read = await RandomAccess.ReadAsync(file.Handle, block, position);
                if (read == 0)
                {
                    // The file got shorter while it was sent. The client counts bytes, so there is no way to go on.
                    throw new EndOfStreamException($"The file shrank from {file.Length} to {position} bytes while it was sent.");
                }

                _output.Advance(read);
                position += read;
                var flush = await _output.FlushAsync();
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    file.Done.TrySetResult(false);
                    Fail(null);
                    return;
                }
            }

            file.Done.TrySetResult(!_aborted);
        }
        catch (Exception exception)
        {
            file.Done.TrySetResult(false);
            Fail(exception);
            return;
        }

        WriteLoop();
    }

    private bool TryTake(out Segment segment)
    {
        lock (_gate)
        {
            if (!_aborted)
            {
                if (_waiting is not null && _waiting.TryDequeue(out segment))
                {
                    return true;
                }

                // A queue that overflowed once into several blocks does not keep their list while it is idle.
                _waiting = null;
                if (_tail.Length > 0)
                {
                    segment = _tail;
                    _tail = default;
                    return true;
                }
            }

            segment = default;
            _writing = false;
            _quiet?.TrySetResult();
            _drained?.TrySetResult();
            return false;
        }
    }

    private bool Written(FlushResult result, Segment segment)
    {
        Return(segment);
        lock (_gate)
        {
            _bytes -= segment.Bytes.Length;
            _messages -= segment.Messages;
        }

        if (!result.IsCompleted && !result.IsCanceled)
        {
            return true;
        }

        Fail(null);
        return false;
    }

    private void Fail(Exception? exception)
    {
        lock (_gate)
        {
            _writing = false;
            _quiet?.TrySetResult();
            if (_aborted)
            {
                return;
            }

            AbortLocked();
        }

        _owner.OnWriteFailed(exception);
    }
}
