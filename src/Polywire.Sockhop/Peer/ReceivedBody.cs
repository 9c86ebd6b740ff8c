namespace Polywire.Sockhop.Peer;

/// <summary>A buffer's bytes on their way to a handler that reads them as a stream; for one reader.</summary>
internal abstract class ReceivedBody
{
    private volatile bool _isAbandoned;

    /// <summary>Whether nobody wants the rest.</summary>
    protected bool IsAbandoned => _isAbandoned;

    /// <summary>Waits for bytes.</summary>
    /// <returns>How many there were; 0 at the end.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isAbandoned, typeof(SockhopBufferStream));
        return ReadCoreAsync(buffer, cancellationToken);
    }

    /// <summary>Lets what was not read, and what still comes, be skipped.</summary>
    public void Abandon()
    {
        if (!_isAbandoned)
        {
            _isAbandoned = true;
            OnAbandoned();
        }
    }

    protected abstract ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    protected virtual void OnAbandoned()
    {
    }
}
