using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Polywire.AspNetCore.Hosting;
using Polywire.Transport;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>Takes connections over from HTTP once they are upgraded, so that they keep nothing of their request.</summary>
/// <remarks>
/// Put on an endpoint before HTTP. The endpoint of the upgrade leaves what is to happen here and ends its request; when HTTP has given the
/// connection back it happens. Where TLS lies between, the transport that HTTP reads is not the one here, and the request stays.
/// </remarks>
internal sealed class WebSocketTransfer : IConnectionHeartbeatFeature
{
    private readonly ConnectionContext _context;
    private readonly IDuplexPipe _transport;
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private Action<object>? _beat;
    private object? _beatState;
    private Func<WebSocketWire, Task>? _run;

    private WebSocketTransfer(ConnectionContext context)
    {
        _context = context;
        _transport = context.Transport;
        _heartbeat = context.Features.Get<IConnectionHeartbeatFeature>();
    }

    /// <summary>The other end of the connection, whatever middleware of the application takes for it.</summary>
    public EndPoint? Peer => _context.RemoteEndPoint;

    /// <summary>The middleware.</summary>
    public static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, TimeProvider time)
    {
        var transfer = new WebSocketTransfer(context);
        context.Features.Set(transfer);
        if (transfer._heartbeat is not null)
        {
            // HTTP leaves itself there for as long as the connection lives.
            context.Features.Set<IConnectionHeartbeatFeature>(transfer);
        }

        await using (TlsHandshakes.EndWithHost(context, time))
        {
            await next(context);
        }

        if (transfer._run is { } run)
        {
            transfer._run = null;
            transfer._beat = null;
            transfer._beatState = null;
            await run(new WebSocketWire(
                context.Transport.Input,
                context.Transport.Output,
                DirectSocketTransportFactory.Collects(context.Transport.Output),
                _ => context.Abort(new ConnectionAbortedException("The peer is gone or does not read."))));
        }
    }

    /// <summary>Leaves what is to be done with the connection when the request has ended.</summary>
    /// <param name="transport">What the request's connection reads and writes.</param>
    /// <param name="run">Lives the connection.</param>
    /// <returns>False where the connection cannot be taken over.</returns>
    public bool TryLeave(IDuplexPipe? transport, Func<WebSocketWire, Task> run)
    {
        if (!ReferenceEquals(transport, _transport) || !ReferenceEquals(_context.Transport, _transport))
        {
            return false;
        }

        _run = run;
        return true;
    }

    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state)
    {
        (_beat, _beatState) = (action, state);
        _heartbeat!.OnHeartbeat(
            static transfer =>
            {
                var (action, state) = (((WebSocketTransfer)transfer)._beat, ((WebSocketTransfer)transfer)._beatState);
                if (action is not null && state is not null)
                {
                    action(state);
                }
            },
            this);
    }
}
