using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Answers;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <content>Answers that are no upgrade.</content>
internal sealed partial class WebSocketEndpoint
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What Primus answers across origins. False where the request has been answered.
    private async ValueTask<bool> ShareAsync(HttpContext http, string? origin)
    {
        if (origin is null)
        {
            return true;
        }

        if (!WebSocketOrigins.IsWellFormed(origin)
            || !_origins.Allows(origin)
            || !Methods.Split(", ").Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            await RefuseCrossOriginAsync(http, origin);
            return false;
        }

        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (_origins.Trusts(origin) && !_origins.AllowsAll)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return true;
        }

        headers.AccessControlMaxAge = "2592000";
        headers.AccessControlAllowMethods = Methods;
        if (http.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } requested)
        {
            headers.AccessControlAllowHeaders = requested;
        }

        http.Response.ContentLength = 0;
        return false;
    }

    private static Task RefuseCrossOriginAsync(HttpContext http, string origin) =>
        WriteAsync(
            http,
            StatusCodes.Status403Forbidden,
            "text/plain",
            $"Invalid HTTP Access Control (CORS) request:\n  Origin: {origin}\n  Method: {http.Request.Method}");

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        if (status == StatusCodes.Status426UpgradeRequired && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.SecWebSocketVersion = "13";
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
        }
        else if (status == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.Headers.Allow = HttpMethods.Get;
        }

        http.Response.AnnounceClose();
        return WriteAsync(http, status, "text/plain", reason);
    }

    private static Task AskForUpgradeAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store, no-cache, must-revalidate, max-age=0";
        http.Response.Headers.Pragma = "no-cache";
        return WriteAsync(http, StatusCodes.Status426UpgradeRequired, "text/plain", "Upgrade Required");
    }

    private Task WriteSpecAsync(HttpContext http) =>
        WriteJsonAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteNumber("pingInterval"u8, (long)services.Options.PingInterval.TotalMilliseconds);
            writer.WriteString("pathname"u8, http.Request.PathBase.ToUriComponent() + services.Path);
            writer.WriteString("version"u8, PrimusVersion);
            writer.WriteString("parser"u8, "json"u8);
            writer.WriteString("transformer"u8, "websockets"u8);
        });

    private static async Task WriteJsonAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        await WriteAsync(http, status, "application/json", buffer.WrittenMemory);
    }

    private static Task WriteAsync(HttpContext http, int status, string type, string text) =>
        WriteAsync(http, status, type, Encoding.UTF8.GetBytes(text));

    private static async Task WriteAsync(HttpContext http, int status, string type, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await ObligatoryHeaders.CompleteAsync(http);
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
