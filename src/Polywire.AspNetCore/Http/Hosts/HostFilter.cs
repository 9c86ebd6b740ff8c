using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>Whether a request asks for a host that may be answered.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Hosts".</remarks>
internal sealed class HostFilter(IOptions<WebOptions> options, TrustedProxies proxies)
{
    private readonly string[] _allowed = [.. options.Value.AllowedRequestHosts];

    /// <summary>Where everybody else is sent.</summary>
    public string First => _allowed[0];

    public bool Refuses(HttpContext http)
    {
        if (_allowed.Length == 0)
        {
            return false;
        }

        var scheme = http.Request.Scheme;
        if (http.Request.Headers["X-Forwarded-Proto"] is { Count: > 0 } forwarded && proxies.Trust(http.Connection.RemoteIpAddress))
        {
            scheme = forwarded[0];
        }

        var host = http.Request.Headers.Host.ToString();
        foreach (var allowed in _allowed)
        {
            if (scheme is not null
                && allowed.Length == scheme.Length + 3 + host.Length
                && allowed.StartsWith(scheme, StringComparison.Ordinal)
                && allowed.AsSpan(scheme.Length, 3) is "://"
                && allowed.EndsWith(host, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
