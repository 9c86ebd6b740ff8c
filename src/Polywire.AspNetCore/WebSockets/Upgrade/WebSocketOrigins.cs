using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>Which pages may connect, and whose cookies count.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Origins".</remarks>
internal sealed class WebSocketOrigins
{
    private const string NoOrigin = "null";

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

    /// <summary>Brings an origin into the form in which browsers send it; web views have schemes of their own.</summary>
    public static bool TryParse(string origin, out string canonical)
    {
        canonical = origin;
        if (origin == NoOrigin)
        {
            return true;
        }

        var colon = origin.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || origin.AsSpan().ContainsAny("\r\n\\% "))
        {
            return false;
        }

        if (origin.AsSpan(0, colon) is var scheme
            && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            // Behind it whatever the web view calls its pages, or nothing: file://.
            var name = origin.AsSpan(colon + 3);
            name = name.EndsWith("/") ? name[..^1] : name;
            canonical = string.Concat(scheme, "://", name).ToLowerInvariant();
            return Uri.CheckSchemeName(scheme.ToString()) && !name.ContainsAny("/?#@") && !name.ContainsAnyExceptInRange('!', '~');
        }

        var good = Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" };

        // Browsers write names of other scripts in ASCII.
        canonical = good ? $"{uri!.Scheme}://{PageOrigins.HostOf(uri)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}" : origin;
        return good;
    }

    /// <summary>Whether an <c>Origin</c> can be one at all: with a scheme or <c>null</c>, nothing encoded, and no letters but ASCII.</summary>
    public static bool IsWellFormed(string origin) =>
        origin == NoOrigin
        || (origin.Contains("://", StringComparison.Ordinal)
            && !origin.Contains('%', StringComparison.Ordinal)
            && !origin.AsSpan().ContainsAnyExceptInRange('!', '~'));

    /// <summary>Whether the settings name an origin.</summary>
    public bool Names(string origin) => _named.Contains(TryParse(origin, out var canonical) ? canonical : origin);

    /// <summary>Whether a page of an origin may connect.</summary>
    public bool Allows(string origin) => AllowsAll || Names(origin);

    /// <summary>Whether an origin is named, and is one page's alone: any page can make a frame whose origin is <c>null</c>.</summary>
    public bool Trusts(string origin) => origin != NoOrigin && Names(origin);

    /// <summary>Whether what a browser says of the visitor counts: no foreign page may act with it.</summary>
    public bool TrustsCookies(HttpRequest request, PageOrigins pages) =>
        request.Headers.Origin is [{ Length: > 0 } origin]
            ? pages.IsOwn(request, origin) || Trusts(origin)
            : request.Headers.Origin.Count == 0;

    /// <summary>Takes from a request what a browser says of the visitor, where it was certainly a foreign page that had it sent.</summary>
    /// <remarks>Called when the endpoint is chosen, before the application's middleware finds out who the user is.</remarks>
    public void Guard(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (origin.Count > 0 && !(origin is [{ Length: > 0 } only] && (Trusts(only) || !PageOrigins.IsClearlyForeign(http.Request, only))))
        {
            PageOrigins.ForgetVisitor(http);
        }
    }
}
