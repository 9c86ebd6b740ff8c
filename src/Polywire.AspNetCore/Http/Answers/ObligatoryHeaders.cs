using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.HeaderValues;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The headers without which some statuses say only half (RFC 9110, 15.5 and 15.6; RFC 6585, 4). What is set already stays.</summary>
/// <remarks>Source: docs/protocol/http.md, "Statuses".</remarks>
internal static class ObligatoryHeaders
{
    // In seconds. Where nobody knows better: long enough that those who ask again do not do so all the time.
    private const string Pause = "5";

    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

    /// <summary>Whether a status has one.</summary>
    public static bool Has(int status) => status is
        StatusCodes.Status401Unauthorized or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status426UpgradeRequired
        or StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    /// <summary>Adds what the status of an answer, which has not begun, demands.</summary>
    public static ValueTask CompleteAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status401Unauthorized when headers.WWWAuthenticate.Count == 0:
                return ChallengeAsync(http);
            case StatusCodes.Status405MethodNotAllowed when headers.Allow.Count == 0:
                headers.Allow = string.Join(", ", Methods.Split(", ").Where(method => method != http.Request.Method));
                break;
            case StatusCodes.Status426UpgradeRequired:
                AskForWebSocket(http);
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable when headers.RetryAfter.Count == 0:
                headers.RetryAfter = Pause;
                break;
        }

        return default;
    }

    // Only HTTP/1.1 has upgrades: before it there were none, and later ones have other ways (RFC 9110, 7.8; RFC 9113, 8.6).
    private static void AskForWebSocket(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (headers.Upgrade.Count > 0 || !HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            return;
        }

        headers.Upgrade = "websocket";
        var said = headers.Connection is [{ Length: > 0 } own] ? own
            : HeaderList.Has(http.Request.Headers.Connection, "close") ? "close"
            : "keep-alive";
        headers.Connection = $"{said}, Upgrade";
    }

    // By the name of the scheme that the application would ask for: what its handler would say in full is known to it alone.
    private static async ValueTask ChallengeAsync(HttpContext http)
    {
        var scheme = http.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            ? (await schemes.GetDefaultChallengeSchemeAsync())?.Name
            : null;
        http.Response.Headers.WWWAuthenticate = scheme is { Length: > 0 } && scheme.All(char.IsAsciiLetterOrDigit) ? scheme : "Bearer";
    }
}
