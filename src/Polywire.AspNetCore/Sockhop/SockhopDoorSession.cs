using Polywire.Doors;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Joins a Sockhop session and the application's connection: both begin and end together.</summary>
internal sealed class SockhopDoorSession(ConnectionServices services) : SockhopSession
{
    private SockhopRequests? _requests;

    /// <summary>The application's connection; null before the session starts.</summary>
    public SockhopConnection? Connection { get; private set; }

    /// <summary>Does what a message of a session that has started says.</summary>
    public ValueTask HandleAsync(SockhopMessage message) => _requests!.HandleAsync(message);

    protected override ValueTask OnStartAsync(CancellationToken cancellationToken)
    {
        Connection = new SockhopConnection(this, services);
        _requests = new SockhopRequests(Connection);
        return Connection.OpenAsync(cancellationToken);
    }

    protected override ValueTask OnEndAsync(SockhopCloseReason reason) =>
        Connection!.OnEndAsync(reason switch
        {
            SockhopCloseReason.RemoteClosed => CloseReason.ClientClosed,
            SockhopCloseReason.TransportError or SockhopCloseReason.PingTimeout => CloseReason.ClientReset,
            SockhopCloseReason.ProtocolError => CloseReason.ProtocolError,
            _ => services.State.IsStopping ? CloseReason.ServerStopping : CloseReason.ServerClosed,
        });
}
