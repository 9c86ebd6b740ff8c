namespace Polywire.Sockhop.Peer;

/// <summary>A buffer that has arrived.</summary>
internal sealed class WholeBody(byte[] bytes) : ReceivedBody
{
    private ReadOnlyMemory<byte> _left = bytes;

    protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        var taken = _left[..Math.Min(_left.Length, buffer.Length)];
        taken.CopyTo(buffer);
        _left = _left[taken.Length..];
        return new ValueTask<int>(taken.Length);
    }
}
