using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire.AspNetCore.Sockets;
using Polywire.AspNetCore.Sockhop;

namespace Polywire;

/// <summary>Where the socket server and the Sockhop server listen; a service of the host.</summary>
/// <remarks>
/// Where port 0 was set, the address has the port that was taken. HTTP addresses are those of the host: <c>app.Urls</c>, or the server's
/// <c>IServerAddressesFeature</c>. Safe to use concurrently.
/// </remarks>
public sealed class PolywireAddresses
{
    private readonly IServiceProvider _services;

    private PolywireAddresses(IServiceProvider services) => _services = services;

    /// <summary>Where the socket server listens, an <see cref="IPEndPoint"/> or the path of a Unix socket; <see langword="null"/> before it does, and where it is off or was not added.</summary>
    public EndPoint? Socket => _services.GetService<SocketServer>()?.EndPoint;

    /// <summary>Where the Sockhop server listens, an <see cref="IPEndPoint"/> or the path of a Unix socket; <see langword="null"/> where it does not.</summary>
    public EndPoint? Sockhop => _services.GetService<SockhopDoor>()?.EndPoint;

    internal static void AddTo(IServiceCollection services) => services.TryAddSingleton(static provider => new PolywireAddresses(provider));
}
