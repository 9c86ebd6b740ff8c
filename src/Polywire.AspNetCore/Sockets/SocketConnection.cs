using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Polywire.AspNetCore.Hosting;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Outbound;
using Polywire.Transport;

namespace Polywire.AspNetCore.Sockets;

/// <summary>A client on TCP, TLS or a Unix socket.</summary>
internal sealed partial class SocketConnection : StreamConnection
{
    private readonly ConnectionContext _transport;
    private readonly SocketServices _services;
    private ConnectionHandshake? _handshake;

    public SocketConnection(ConnectionContext transport, SocketServices services)
        : base(
            Transports.Socket,
            services.Connections,
            services.Protocol,
            transport.Transport.Output,
            DirectSocketTransportFactory.Collects(transport.Transport.Output))
    {
        (_transport, _services) = (transport, services);
        _requests = new SocketRequests(this, services);
        _lines = new LineReader(services.Rules);
    }

    public override string RemoteIP =>
        _transport.RemoteEndPoint switch
        {
            IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => mapped.Address.MapToIPv4().ToString(),
            IPEndPoint address => address.Address.ToString(),
            UnixDomainSocketEndPoint or null => "unix",
            var other => other.ToString() ?? "unknown",
        };

    public override int RemotePort => (_transport.RemoteEndPoint as IPEndPoint)?.Port ?? 0;

    public override ConnectionHandshake Handshake => _handshake ??= TlsHandshake.Of(_transport.Features) ?? ConnectionHandshake.None;

    public override async ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids)
    {
        switch (file.Status)
        {
            case PublicFileStatus.Found:
                return file.Handle is null || await Outbound.SendFileAsync(new OutboundFile(file.Handle, file.Length));
            case PublicFileStatus.Unreadable:
                Session.Tell(VerbReply.Failure(Services.Texts.FileReadError(file.Reason!)), ids);
                return false;
            default:
                Session.Tell(VerbReply.Failure(request.IsGiven ? Services.Texts.FileNotFound : Services.Texts.FileNotProvided), ids);
                return false;
        }
    }

    protected override PipeReader Input => _transport.Transport.Input;

    protected override void Reset() =>
        _transport.Abort(new ConnectionAbortedException("The peer is gone or does not read."));
}
