using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Which pages may connect, and whose cookies count.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Origins".</remarks>
internal sealed class WebSocketOrigins
{
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    public WebSocketOrigins(WebSocketServerOptions options)
    {
        foreach (var origin in options.Origins)
        {
            if (origin != "*")
            {
                _named.Add(TryParse(origin, out var canonical) ? canonical : origin);
            }
        }

        AllowsAll = options.Origins.Count == 0 || options.Origins.Contains("*");
    }

    /// <summary>Whether pages of any origin may connect.</summary>
    public bool AllowsAll { get; }

    /// <summary>Brings an origin into the form in which browsers send it.</summary>
    public static bool TryParse(string origin, out string canonical)
    {
        var good = Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && !origin.AsSpan().ContainsAny("\r\n\\% ");
        canonical = good ? uri!.GetLeftPart(UriPartial.Authority) : origin;
        return good;
    }

    /// <summary>Whether an <c>Origin</c> can be one at all: with a scheme or <c>null</c>, and nothing encoded.</summary>
    public static bool IsWellFormed(string origin) =>
        origin == "null" || (origin.Contains("://", StringComparison.Ordinal) && !origin.Contains('%', StringComparison.Ordinal));

    /// <summary>Whether the settings name an origin.</summary>
    public bool Names(string origin) => _named.Contains(TryParse(origin, out var canonical) ? canonical : origin);

    /// <summary>Whether a page of an origin may connect.</summary>
    public bool Allows(string origin) => AllowsAll || Names(origin);

    /// <summary>Whether the cookies of a request count: no foreign page may act with a visitor's.</summary>
    public bool TrustsCookies(HttpRequest request)
    {
        if (request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return request.Headers.Origin.Count == 0;
        }

        return (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(HostOf(request, uri), StringComparison.OrdinalIgnoreCase))
            || Names(origin);
    }

    // Without the port that the origin's scheme implies, which neither side has to write.
    private static string HostOf(HttpRequest request, Uri origin)
    {
        var host = request.Host;
        return host.Port is { } port && origin.IsDefaultPort && port == origin.Port ? host.Host : host.Value ?? string.Empty;
    }
}
