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

        // Browsers write names of other scripts in ASCII.
        canonical = good ? uri!.IsDefaultPort ? $"{uri.Scheme}://{HostOf(uri)}" : $"{uri.Scheme}://{HostOf(uri)}:{uri.Port}" : origin;
        return good;
    }

    /// <summary>Whether an <c>Origin</c> can be one at all: with a scheme or <c>null</c>, nothing encoded, and no letters but ASCII.</summary>
    public static bool IsWellFormed(string origin) =>
        origin == "null"
        || (origin.Contains("://", StringComparison.Ordinal)
            && !origin.Contains('%', StringComparison.Ordinal)
            && !origin.AsSpan().ContainsAnyExceptInRange('!', '~'));

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

        return (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsAt(request.Host, uri)) || Names(origin);
    }

    private static bool IsAt(HostString host, Uri origin) =>
        host.Host.Equals(HostOf(origin), StringComparison.OrdinalIgnoreCase)
        // Neither side has to write the port that the scheme implies.
        && (host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);

    // In the form of browsers; as it is written where it has no such form.
    private static string HostOf(Uri uri)
    {
        try
        {
            return uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return uri.Host;
        }
    }
}
