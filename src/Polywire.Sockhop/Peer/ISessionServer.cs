using Polywire.Sockhop.Handlers;

namespace Polywire.Sockhop.Peer;

/// <summary>A server as its sessions see it, whatever their type.</summary>
internal interface ISessionServer
{
    HandlerTable Handlers { get; }

    SockhopServerOptions Options { get; }

    void OnConnected(SockhopSession session);

    void OnHandshake(SockhopSession session, SockhopHandshakeResult result);

    void OnBinaryModeChanged(SockhopSession session, SockhopBinaryModeChange change);

    void OnProtocolError(SockhopSession session, SockhopException error);

    void OnHandlerFailed(SockhopSession session, Exception exception);

    void OnClosing(SockhopSession session);

    void OnDisconnected(SockhopSession session, SockhopDisconnect end);
}
