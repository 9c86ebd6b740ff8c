using Polywire.Doors;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Joins a Sockhop session and the application's connection: both begin and end together.</summary>
internal sealed class SockhopDoorSession : SockhopSession
{
    private readonly ConnectionServices _services;

    public SockhopDoorSession(ConnectionServices services)
    {
        _services = services;
        Requests = new SockhopRequests(this, services);
    }

    public SockhopRequests Requests { get; }

    /// <summary>The application's connection; made when the session starts.</summary>
    public SockhopConnection Connection { get; private set; } = null!;

    protected override async ValueTask OnStartAsync(CancellationToken cancellationToken)
    {
        Connection = new SockhopConnection(this, _services);
        if (!await _services.Lifetime.OpenAsync(Connection, cancellationToken))
        {
            await _services.Lifetime.CloseAsync(Connection, CloseReason.Refused);
            Abort();
        }
    }

    protected override async ValueTask OnEndAsync(SockhopCloseReason reason)
    {
        await _services.Lifetime.CloseAsync(Connection, reason switch
        {
            SockhopCloseReason.RemoteClosed => CloseReason.ClientClosed,
            SockhopCloseReason.TransportError or SockhopCloseReason.PingTimeout => CloseReason.ClientReset,
            SockhopCloseReason.ProtocolError => CloseReason.ProtocolError,
            _ => _services.State.IsStopping ? CloseReason.ServerStopping : CloseReason.ServerClosed,
        });
        Connection.CloseSticky();
    }
}
