using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Polywire.Sockhop.Transport;

/// <summary>A connection that someone else accepted.</summary>
internal sealed class PipeWire : Wire
{
    private readonly IDuplexPipe _pipe;
    private int _disposed;

    public PipeWire(IDuplexPipe pipe, EndPoint? local, EndPoint? remote)
    {
        _pipe = pipe;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var reading = _pipe.Input.ReadAsync();
        return reading.IsCompletedSuccessfully ? new ValueTask<int>(Take(reading.GetAwaiter().GetResult(), buffer)) : WaitAsync(reading, buffer);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var result = await _pipe.Output.WriteAsync(first).ConfigureAwait(false);
        if (!second.IsEmpty)
        {
            result = await _pipe.Output.WriteAsync(second).ConfigureAwait(false);
        }

        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("The connection has ended.");
        }
    }

    public override ValueTask ShutdownAsync() => _pipe.Output.CompleteAsync();

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _pipe.Input.CancelPendingRead();
            _pipe.Output.CancelPendingFlush();
        }
    }

    private async ValueTask<int> WaitAsync(ValueTask<ReadResult> reading, Memory<byte> buffer) =>
        Take(await reading.ConfigureAwait(false), buffer);

    private int Take(ReadResult result, Memory<byte> buffer)
    {
        var there = result.Buffer;
        if (result.IsCanceled)
        {
            _pipe.Input.AdvanceTo(there.Start);
            throw new IOException("The connection was ended here.");
        }

        var taken = there.Slice(0, Math.Min(there.Length, buffer.Length));
        taken.CopyTo(buffer.Span);

        // Before the pipe takes its memory back, and the positions mean nothing.
        var count = (int)taken.Length;
        _pipe.Input.AdvanceTo(taken.End);
        return count;
    }
}
