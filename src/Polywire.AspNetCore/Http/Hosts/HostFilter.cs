using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>Whether a request asks for a host that may be answered.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Hosts".</remarks>
internal sealed class HostFilter(IOptions<WebOptions> options, TrustedProxies proxies)
{
    private readonly string[] _allowed = [.. options.Value.AllowedRequestHosts];

    public bool Refuses(HttpContext http)
    {
        if (_allowed.Length == 0)
        {
            return false;
        }

        var scheme = proxies.SchemeOf(http);
        var host = http.Request.Headers.Host.ToString();
        foreach (var allowed in _allowed)
        {
            if (allowed.Length == scheme.Length + 3 + host.Length
                && allowed.StartsWith(scheme, StringComparison.Ordinal)
                && allowed.AsSpan(scheme.Length, 3) is "://"
                && allowed.EndsWith(host, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sends a request that is refused, as it was matched, to the first host that is not; no other header of ours goes with it.</summary>
    public Task RedirectAsync(HttpContext http) =>
        RedirectAsync(http, $"{http.Request.PathBase.ToUriComponent()}{http.Request.Path.ToUriComponent()}{http.Request.QueryString.ToUriComponent()}");

    /// <summary>Sends a request that is refused to the first host that is not; no other header of ours goes with it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="target">Path and query, with one slash in front.</param>
    public async Task RedirectAsync(HttpContext http, string target)
    {
        var location = _allowed[0] + target;
        if (location.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            // No header can have it, and no client means it.
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentLength = 0;
            return;
        }

        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = location;
        var body = Encoding.UTF8.GetBytes($"You are being redirected to {location}\r\n");
        http.Response.ContentLength = body.Length;
        if (!http.Request.IsHead())
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
