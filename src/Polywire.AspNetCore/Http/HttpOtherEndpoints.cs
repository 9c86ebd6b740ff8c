using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.Http;

/// <summary>Requests that are answered without an action or a file.</summary>
internal sealed class HttpOtherEndpoints(WebRequestOpener opener, HostFilter hosts, IOptions<WebOptions> options)
{
    private readonly bool _hasMethods = Has(options.Value, "Access-Control-Allow-Methods");
    private readonly bool _hasOrigin = Has(options.Value, "Access-Control-Allow-Origin");

    /// <summary>200 without a body on any path; what browsers ask before they send something across origins.</summary>
    public Task OptionsAsync(HttpContext http) => opener.ServeAsync(http, ServeOptionsAsync);

    /// <summary>Sends a request for another host to the first of those that are answered.</summary>
    public Task RedirectAsync(HttpContext http) => hosts.RedirectAsync(http, http.Features.Get<WebRequest>()!.Target.Location);

    /// <summary>This is no proxy: the connection ends.</summary>
    public static Task ConnectAsync(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Nothing but the WebSocket endpoint is upgraded.</summary>
    public static Task RefuseUpgradeAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.AnnounceClose();
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task ServeOptionsAsync(WebRequest request)
    {
        var response = request.Http.Response;
        if (!_hasMethods)
        {
            response.Headers.AccessControlAllowMethods = "HEAD, GET, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";
        }

        if (!_hasOrigin)
        {
            response.Headers.AccessControlAllowOrigin = "*";
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static bool Has(WebOptions options, string name) => options.HttpHeaders.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value);
}
