using System.Net;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>The peers whose forwarding headers are believed.</summary>
internal sealed class TrustedProxies(IOptions<WebOptions> options)
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];
    private readonly IPNetwork[] _networks = [.. (options.Value.TrustedProxies ?? Loopback).Select(Parse)];

    /// <param name="peer">The address of the other end; null on a Unix socket, which counts as loopback.</param>
    public bool Trust(IPAddress? peer)
    {
        var address = peer is null ? IPAddress.Loopback : peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out var network)
            ? network
            : IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;
}
