using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Polywire.Transport;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Puts the web server on the direct socket transport, under the address that the application knows.</summary>
internal sealed class DirectWebTransport(DirectSocketOptions options, ILoggerFactory loggers, TimeProvider time) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await new DirectSocketTransportFactory(loggers, time).BindAsync(new DirectSocketEndPoint(endpoint, options), cancellationToken));

    /// <summary>Tells of the address that is bound as what it is: Kestrel shows it, and hands it to the application.</summary>
    private sealed class Listener(IConnectionListener inner) : IConnectionListener
    {
        public EndPoint EndPoint => ((DirectSocketEndPoint)inner.EndPoint).Address;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
