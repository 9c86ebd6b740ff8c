using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop;

/// <content>Events of the sessions.</content>
public partial class SockhopServer<TSession>
{
    /// <summary>
    /// A connection was accepted and became no session: TLS failed, there were too many, or the factory threw. By the thread that accepted it.
    /// </summary>
    public event SockhopEventHandler<SockhopServer<TSession>, Exception>? ConnectionRefused;

    /// <summary>A session has begun, its start hook has run.</summary>
    public event SockhopEventHandler<TSession>? Connected;

    /// <summary>A handshake has ended.</summary>
    public event SockhopEventHandler<TSession, SockhopHandshakeResult>? HandshakeCompleted;

    /// <summary>A session that had shaken hands has ended; after <see cref="Disconnected"/>.</summary>
    public event SockhopEventHandler<TSession>? HandshakeLost;

    /// <summary>A session has ended, its end hook has run.</summary>
    public event SockhopEventHandler<TSession, SockhopDisconnect>? Disconnected;

    /// <summary>A direction of a session has entered binary mode.</summary>
    public event SockhopEventHandler<TSession, SockhopBinaryModeChange>? BinaryModeChanged;

    /// <summary>Something was received that cannot be read.</summary>
    public event SockhopEventHandler<TSession, SockhopException>? ProtocolError;

    /// <summary>A handler, hook or event handler threw; by the thread that ran it.</summary>
    public event SockhopEventHandler<TSession, Exception>? HandlerFailed;

    void ISessionServer.OnConnected(SockhopSession session) => Connected?.Invoke((TSession)session);

    void ISessionServer.OnHandshake(SockhopSession session, SockhopHandshakeResult result) => HandshakeCompleted?.Invoke((TSession)session, result);

    void ISessionServer.OnBinaryModeChanged(SockhopSession session, SockhopBinaryModeChange change) =>
        BinaryModeChanged?.Invoke((TSession)session, change);

    void ISessionServer.OnProtocolError(SockhopSession session, SockhopException error) => ProtocolError?.Invoke((TSession)session, error);

    void ISessionServer.OnHandlerFailed(SockhopSession session, Exception exception) => HandlerFailed?.Invoke((TSession)session, exception);

    void ISessionServer.OnClosing(SockhopSession session)
    {
        if (_sessions.TryRemove(session.Number, out _))
        {
            GiveUpPlace(AddressOf(session.Current!.Wire.RemoteEndPoint));
        }
    }

    void ISessionServer.OnDisconnected(SockhopSession session, SockhopDisconnect end)
    {
        Disconnected?.Invoke((TSession)session, end);
        if (end.WasHandshaked)
        {
            HandshakeLost?.Invoke((TSession)session);
        }
    }
}
