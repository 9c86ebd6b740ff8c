using System.Buffers;
using System.IO.Pipelines;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>A request's body as a stream whose reading can be ended through its reader.</summary>
/// <remarks>The framework's own stream throws too, but leaves its reader in the middle of a read, so that the rest cannot be passed over.</remarks>
internal sealed class BodyStream(PipeReader reader) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on; 0 at the end of the body.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or <see cref="PipeReader.CancelPendingRead"/> was called.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var held = result.Buffer;
            if (result.IsCanceled)
            {
                reader.AdvanceTo(held.Start);
                throw new OperationCanceledException();
            }

            var length = (int)Math.Min(held.Length, buffer.Length);
            held.Slice(0, length).CopyTo(buffer.Span);
            reader.AdvanceTo(held.GetPosition(length));
            if (length > 0 || result.IsCompleted)
            {
                return length;
            }
        }
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
}
