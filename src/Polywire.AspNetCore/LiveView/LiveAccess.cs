using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Who may look at the page.</summary>
internal sealed class LiveAccess(IOptions<LiveViewOptions> options, IWebHostEnvironment environment)
{
    private static readonly string[] ProxyHeaders =
    [
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "X-Cluster-Client-IP", "X-Originating-IP", "X-Remote-IP",
        "X-Remote-Addr", "X-ProxyUser-IP", "Fastly-Client-IP", "Fly-Client-IP", "DO-Connecting-IP", "CDN-Loop", "Max-Forwards", "X-Appengine-User-IP",
    ];

    private static readonly string[] ProxyPrefixes =
        ["X-Forwarded", "X-Original-", "X-Proxy-", "Proxy-", "X-Envoy-", "X-Azure-", "X-ARR-", "X-Amzn-", "X-Amz-Cf-", "CF-", "CloudFront-", "X-Cloud-", "X-Goog-", "X-Varnish"];

    public ValueTask<bool> MayAsync(HttpContext http) =>
        options.Value.Authorize?.Invoke(http) ?? new ValueTask<bool>(environment.IsDevelopment() && IsLocal(http));

    // Not only from this machine but for it: neither through a proxy, nor by a foreign page whose name resolves to this machine.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && IsLocal(http.Request.Host.Host)
        // Proxies that are told no more than their target say nothing of themselves, but speak HTTP/1.0, which no browser does.
        && !HttpProtocol.IsHttp10(http.Request.Protocol)
        && !http.Request.Headers.Any(static header => IsOfProxy(header.Key))
        && IsLocalPage(http.Request.Headers.Origin.ToString())
        && IsLocalPage(http.Request.Headers.Referer.ToString())
        && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";

    private static bool IsOfProxy(string header) =>
        ProxyHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(ProxyPrefixes, prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static bool IsLocalPage(string url) =>
        url.Length == 0 || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsLocal(uri.Host));

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
