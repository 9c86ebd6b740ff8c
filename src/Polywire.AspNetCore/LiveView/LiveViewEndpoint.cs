using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Polywire.AspNetCore.WebSockets.Client;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Serves the page, its files, and tokens to those who may look; to others there is nothing.</summary>
internal sealed class LiveViewEndpoint
{
    private const string Script = "text/javascript; charset=utf-8";

    private readonly LiveAccess _access;
    private readonly LiveTokens _tokens;
    private readonly WebSocketServerOptions _server;
    private readonly WebOptions _web;

    public LiveViewEndpoint(
        LiveAccess access, LiveTokens tokens, IOptions<LiveViewOptions> options, IOptions<WebSocketServerOptions> server, IOptions<WebOptions> web)
    {
        _access = access;
        _tokens = tokens;
        Path = '/' + options.Value.Path.Trim('/');

        // It has no other way to be told.
        IsEnabled = options.Value.Enabled && server.Value.Enabled;
        (_server, _web) = (server.Value, web.Value);
    }

    /// <summary>With a slash in front and none behind.</summary>
    public string Path { get; }

    public bool IsEnabled { get; }

    public async Task InvokeAsync(HttpContext http)
    {
        var name = http.GetRouteValue("file") as string ?? "";
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!await _access.MayAsync(http))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (name == "token")
        {
            // Without CORS headers, which keeps it from pages of other origins.
            await WriteAsync(http, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes(_tokens.Create()));
        }
        else if (FileOf(name, http.Request.PathBase) is var (contentType, content))
        {
            response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'";
            response.Headers[HeaderNames.XFrameOptions] = "DENY";
            await WriteAsync(http, contentType, content);
        }
        else
        {
            response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static Task WriteAsync(HttpContext http, string contentType, byte[] content)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = content.Length;
        return http.Request.IsHead() ? Task.CompletedTask : http.Response.BodyWriter.WriteAsync(content, http.RequestAborted).AsTask();
    }

    // Read when they are asked for: seldom, and by one developer.
    private (string ContentType, byte[] Content)? FileOf(string name, PathString pathBase) =>
        name switch
        {
            "" => ("text/html; charset=utf-8", Page(pathBase.ToUriComponent() + Path)),
            "live.css" => ("text/css; charset=utf-8", ClientBuild.Resource("live/live.css")),
            "live.js" => (Script, ClientBuild.Resource("live/live.js")),
            "client.mjs" => (Script, ClientBuild.Read(".mjs", _server, _web, pathBase)),
            _ => null,
        };

    // The page's own address may or may not end with a slash, so its links are whole paths.
    private static byte[] Page(string path) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ClientBuild.Resource("live/live.html")).Replace("{path}", WebUtility.HtmlEncode(path), StringComparison.Ordinal));
}
