namespace Polywire.AspNetCore.WebSockets;

/// <summary>How far the closing handshake with one peer has come, which goes on behind the end of the connection's life.</summary>
/// <remarks>
/// The one that reads tells what the peer does; the one that ends the connection waits. A mutable struct, so that an idle connection has no object
/// more; do not copy it.
/// </remarks>
internal struct CloseHandshake
{
    private TaskCompletionSource? _closedByPeer;
    private volatile bool _hasPeerClosed;
    private volatile bool _isCutOff;

    /// <summary>What the close frame says where the reason of the end alone does not tell; 0 otherwise.</summary>
    public ushort Code { get; private set; }

    /// <summary>Whether the client has asked for the end in words.</summary>
    public bool IsQuitting { get; private set; }

    /// <summary>Whether the peer's frames cannot be told apart any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether nothing of the peer is waited for any more.</summary>
    public readonly bool IsOver => _hasPeerClosed || _isCutOff;

    /// <summary>Whether the peer has closed: by a close frame, or by the end of its bytes.</summary>
    public readonly bool HasPeerClosed => _hasPeerClosed;

    /// <summary>Notes that the client asks for the end.</summary>
    public void Quit() => IsQuitting = true;

    /// <summary>Notes that something failed on this side.</summary>
    /// <param name="code">What the peer is told.</param>
    public void Fail(ushort code) => Code = code;

    /// <summary>Notes that the peer's frames cannot be told apart any more.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Notes that the peer has said in a close frame that it closes; its bytes end with it.</summary>
    /// <param name="code">What it is answered.</param>
    public void CloseFrameCame(ushort code)
    {
        (Code, IsBroken) = (code, true);
        _hasPeerClosed = true;
    }

    /// <summary>Notes that the peer has closed, and lets go whoever waits for it.</summary>
    public void PeerClosed()
    {
        _hasPeerClosed = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _closedByPeer)?.TrySetResult();
    }

    /// <summary>Notes that the peer had its time.</summary>
    public void CutOff() => _isCutOff = true;

    /// <summary>Completes when the peer has closed.</summary>
    public Task WhenPeerClosed()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A full fence: either the one who reads sees what we wait for, or we see that it has ended.
        Interlocked.Exchange(ref _closedByPeer, closed);
        return _hasPeerClosed ? Task.CompletedTask : closed.Task;
    }
}
