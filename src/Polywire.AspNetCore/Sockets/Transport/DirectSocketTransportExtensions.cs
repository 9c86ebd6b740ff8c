using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Polywire.AspNetCore.Sockets.Transport;

/// <summary>Puts the direct socket transport beside those of Kestrel.</summary>
internal static class DirectSocketTransportExtensions
{
    /// <summary>Registers the transport; Kestrel takes it for <see cref="DirectSocketEndPoint"/> and for nothing else.</summary>
    /// <param name="services">Before or after Kestrel's own registration, once or more often.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddDirectSocketTransport(this IServiceCollection services)
    {
        // Kestrel adds its transport only where there is none yet: without this line ours, added first, would displace it.
        services.TryAddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, DirectSocketTransportFactory>(
            static provider => new DirectSocketTransportFactory(
                provider.GetRequiredService<ILoggerFactory>(), provider.GetService<TimeProvider>())));
        return services;
    }

    /// <summary>Listens on <paramref name="address"/> with the direct socket transport.</summary>
    /// <param name="kestrel">Its services hold the transport (<see cref="AddDirectSocketTransport"/>).</param>
    /// <param name="address">An IP address with port, or a Unix domain socket.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="configure">Adds TLS (<c>UseHttps</c>) where wanted, and the connection handler.</param>
    public static void ListenDirect(
        this KestrelServerOptions kestrel, EndPoint address, DirectSocketOptions options, Action<ListenOptions> configure) =>
        kestrel.Listen(new DirectSocketEndPoint(address, options), listen =>
        {
            // Anything with HTTP/3 would look for a QUIC transport of this address as soon as TLS is on, and TLS would offer h2.
            listen.Protocols = HttpProtocols.Http1;
            configure(listen);
        });
}
