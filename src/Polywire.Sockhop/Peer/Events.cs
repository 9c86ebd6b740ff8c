namespace Polywire.Sockhop.Peer;

/// <summary>
/// Tells the owner of events, in the order of the inbox. The end is the last one: what comes too late for its place before it is not told.
/// </summary>
internal sealed class Events(Connection connection, Life life, Inbox inbox)
{
    private Milestone<SockhopHandshakeResult> _handshake;
    private Milestone<Events> _endTold;
    private bool _isRxTold;
    private bool _isTxTold;
    private bool _isHandshakeTold;
    private volatile bool _isEndTold;

    public Connection Connection => connection;

    /// <summary>Ends when the owner was told of the handshake, or of the end.</summary>
    public Task<SockhopHandshakeResult> HandshakeTold => _handshake.Task;

    /// <summary>Ends when the owner was told of the end: no event follows.</summary>
    public Task EndTold => _endTold.Task;

    /// <summary>Whether the owner was told of the end.</summary>
    public bool IsEndTold => _isEndTold;

    public void Post<T>(T value, Action<Connection, T> tell) => inbox.Post(new EventItem<T>(this, value, tell));

    public void PostError(SockhopException error) => Post(error, static (connection, error) => connection.Owner.OnError(connection, error));

    public void PostBinaryMode(bool receiving) => Post((this, receiving), static (connection, told) =>
    {
        var (events, receiving) = told;
        (receiving ? ref events._isRxTold : ref events._isTxTold) = true;
        connection.Owner.OnBinaryModeChanged(connection, new SockhopBinaryModeChange { Receiving = receiving, IsOn = true });
    });

    public void PostHandshake(SockhopHandshakeResult result) => Post((this, result), static (connection, told) =>
    {
        var (events, result) = told;
        events._isHandshakeTold = result.Success;
        connection.Owner.OnHandshake(connection, result);
        events._handshake.Reach(result);
    });

    public void PostEnd() => Post(this, static (connection, events) => events.TellEnd());

    private void TellEnd()
    {
        _isEndTold = true;
        inbox.Dispose();
        if (!connection.IsServer)
        {
            TellTextMode(_isRxTold, receiving: true);
            TellTextMode(_isTxTold, receiving: false);
        }

        connection.Owner.OnDisconnected(
            connection, new SockhopDisconnect { Reason = life.Reason, WasHandshaked = _isHandshakeTold, Error = life.Error });
        _handshake.Reach(new SockhopHandshakeResult { Success = false, Error = life.HasEnded() });
        _endTold.Reach(this);
    }

    private void TellTextMode(bool wasBinary, bool receiving)
    {
        if (wasBinary)
        {
            connection.Owner.OnBinaryModeChanged(connection, new SockhopBinaryModeChange { Receiving = receiving, IsOn = false });
        }
    }
}
