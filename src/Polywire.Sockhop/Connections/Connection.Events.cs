namespace Polywire.Sockhop.Connections;

/// <content>Events, told in the order of the inbox. The end is the last one: what comes too late for its place before it is not told.</content>
internal sealed partial class Connection
{
    private bool _isRxTold;
    private bool _isTxTold;
    private bool _isHandshakeTold;
    private volatile bool _isEndTold;

    /// <summary>Whether the owner was told of the end.</summary>
    public bool IsEndTold => _isEndTold;

    private void Post<T>(T value, Action<Connection, T> tell) => _inbox.Post(new EventItem<T>(this, value, tell));

    private void PostBinaryMode(bool receiving) => Post(receiving, static (connection, receiving) =>
    {
        (receiving ? ref connection._isRxTold : ref connection._isTxTold) = true;
        connection.Owner.OnBinaryModeChanged(connection, new SockhopBinaryModeChange { Receiving = receiving, IsOn = true });
    });

    private void PostHandshake(SockhopHandshakeResult result) => Post(result, static (connection, result) =>
    {
        connection._isHandshakeTold = result.Success;
        connection.Owner.OnHandshake(connection, result);
        connection._handshake.TrySetResult(result);
    });

    private void TellEnd(SockhopException error)
    {
        _isEndTold = true;
        _inbox.Dispose();
        if (!IsServer)
        {
            TellTextMode(_isRxTold, receiving: true);
            TellTextMode(_isTxTold, receiving: false);
        }

        Owner.OnDisconnected(this, new SockhopDisconnect { Reason = _closeReason, WasHandshaked = _isHandshakeTold, Error = _closeError });
        _handshake.TrySetResult(new SockhopHandshakeResult { Success = false, Error = error });
        _endTold.TrySetResult();
    }

    private void TellTextMode(bool wasBinary, bool receiving)
    {
        if (wasBinary)
        {
            Owner.OnBinaryModeChanged(this, new SockhopBinaryModeChange { Receiving = receiving, IsOn = false });
        }
    }
}
