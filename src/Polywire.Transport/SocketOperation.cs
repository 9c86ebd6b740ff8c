using System.Net.Sockets;

namespace Polywire.Transport;

/// <summary>The reusable operation behind one direction of a connection where there is no poller.</summary>
internal sealed class SocketOperation : SocketAsyncEventArgs
{
    private readonly Action<int, SocketError> _completed;

    /// <summary>Makes an operation without a flow of the execution context, which nobody behind it needs.</summary>
    /// <param name="completed">Takes bytes and outcome of everything that does not complete at once.</param>
    public SocketOperation(Action<int, SocketError> completed) : base(true) => _completed = completed;

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _completed(BytesTransferred, SocketError);
}
