using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.WebSockets.Upgrade;
using IPNetwork = System.Net.IPNetwork;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>The peers whose forwarding headers are believed.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Client address".</remarks>
internal sealed class TrustedProxies(IOptions<WebOptions> options, IOptions<ForwardedHeadersOptions>? middleware = null)
{
    private static readonly string[] Loopback = ["127.0.0.0/8", "::1/128"];
    private readonly IPNetwork[] _networks = [.. (options.Value.TrustedProxies ?? Loopback).Select(Parse)];
    private readonly string _originalFor = middleware?.Value.OriginalForHeaderName ?? ForwardedHeadersDefaults.XOriginalForHeaderName;
    private readonly string _originalProto = middleware?.Value.OriginalProtoHeaderName ?? ForwardedHeadersDefaults.XOriginalProtoHeaderName;

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

    /// <summary>Whether the framework's middleware for forwarded headers has set the address of the request.</summary>
    public bool IsSettled(HttpContext http) =>
        // The mark that it leaves can be forged, the connection's own address can not. Servers other than Kestrel do not tell of that.
        http.Request.Headers.ContainsKey(_originalFor)
        && (http.Features.Get<WebSocketTransfer>()?.Peer is not IPEndPoint peer
            || !peer.Address.Equals(http.Connection.RemoteIpAddress)
            || peer.Port != http.Connection.RemotePort);

    /// <summary>The scheme that the client of a request uses: that of the nearest proxy's <c>X-Forwarded-Proto</c>, where it is believed.</summary>
    public string SchemeOf(HttpContext http)
    {
        var forwarded = new EntriesFromRight(http.Request.Headers["X-Forwarded-Proto"]);
        return !forwarded.MoveNext() || http.Request.Headers.ContainsKey(_originalProto) || !Trust(http.Connection.RemoteIpAddress)
            ? http.Request.Scheme
            : forwarded.Current switch
            {
                // The first is what some proxies write for the upgrade of a WebSocket.
                "wss" or "https" => "https",
                "ws" or "http" => "http",
                var other => other.ToString(),
            };
    }

    private static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out var network)
            ? network
            : IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;
}
