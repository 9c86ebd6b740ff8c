using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Who may look at the page.</summary>
internal sealed class LiveAccess(IOptions<LiveViewOptions> options, IWebHostEnvironment environment)
{
    private static readonly string[] Forwarding = ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded"];

    public ValueTask<bool> MayAsync(HttpContext http) =>
        options.Value.Authorize?.Invoke(http) ?? new ValueTask<bool>(environment.IsDevelopment() && IsLocal(http));

    // Not only from this machine but for it: neither through a proxy, nor by a foreign page whose name resolves to this machine.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && (http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)))
        && !Array.Exists(Forwarding, http.Request.Headers.ContainsKey)
        && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";
}
