using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Answers;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.Http;

/// <summary>Requests that are answered without an action or a file.</summary>
internal sealed class HttpOtherEndpoints(WebRequestOpener opener, HostFilter hosts, IOptions<WebOptions> options)
{
    private readonly bool _hasMethods = Has(options.Value, "Access-Control-Allow-Methods");
    private readonly bool _hasOrigin = Has(options.Value, "Access-Control-Allow-Origin");

    /// <summary>200 without a body on any path; what browsers ask before they send something across origins.</summary>
    public Task OptionsAsync(HttpContext http) => opener.ServeAsync(http, ServeOptionsAsync);

    /// <summary>Sends a request for another host to the first of those that are answered; no other header goes with it.</summary>
    public async Task RedirectAsync(HttpContext http)
    {
        var location = hosts.First + http.Features.Get<WebRequest>()!.Target.Location;
        if (location.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            // No header can have it, and no client means it.
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.ContentLength = 0;
            return;
        }

        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = location;
        var body = System.Text.Encoding.UTF8.GetBytes($"You are being redirected to {location}\r\n");
        http.Response.ContentLength = body.Length;
        if (!http.Request.IsHead())
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

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
