using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>From where the page comes that had a browser send a request; origins are compared by scheme, host and port.</summary>
internal sealed class PageOrigins(TrustedProxies proxies)
{
    /// <summary>Whether an origin is the one that a request was sent to.</summary>
    public bool IsOwn(HttpRequest request, string origin)
    {
        var scheme = proxies.SchemeOf(request.HttpContext);
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase)
            && IsAt(request.Host, uri);
    }

    /// <summary>Whether an origin is another than that of a request, whatever proxies and middleware still make of that.</summary>
    public static bool IsClearlyForeign(HttpRequest request, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
        {
            return true;
        }

        if (IsAt(request.Host, uri))
        {
            return false;
        }

        foreach (var line in request.Headers["X-Forwarded-Host"])
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (IsAt(new HostString(line![part].Trim()), uri))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether a page of another origin may have asked for a script, which it can then read.</summary>
    /// <remarks>Source: docs/protocol/http.md, "JSONP".</remarks>
    public bool IsForeignScript(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
        {
            return site.ToString() is not ("same-origin" or "none");
        }

        return IsOther(request, request.Headers.Origin.ToString()) || IsOther(request, request.Headers.Referer.ToString());
    }

    /// <summary>Takes from a request what a browser puts into it for the visitor without the page's doing.</summary>
    public static void ForgetVisitor(HttpContext http)
    {
        var headers = http.Request.Headers;
        var isAmbient = IsAmbient(headers.Authorization.ToString());
        var tls = http.Features.Get<ITlsConnectionFeature>();
        var hasCertificate = tls?.ClientCertificate is not null;
        if (tls is not null)
        {
            // Of this request alone, and for whoever asks for one later: what the server has is that of the connection.
            http.Features.Set<ITlsConnectionFeature>(NoCertificate.Instance);
        }

        if (headers.Cookie.Count == 0 && !isAmbient && !hasCertificate)
        {
            return;
        }

        headers.Remove("Cookie");
        if (isAmbient)
        {
            headers.Remove("Authorization");
        }

        if (http.User.Identity?.IsAuthenticated == true)
        {
            // Found before the endpoint was, with what should not have counted.
            http.User = new ClaimsPrincipal(new ClaimsIdentity());
        }
    }

    /// <summary>Whether a request says who the visitor is without the page's doing.</summary>
    public static bool TellsOfVisitor(HttpContext http) =>
        http.Request.Headers.Cookie.Count > 0
        || IsAmbient(http.Request.Headers.Authorization.ToString())
        || http.Connection.ClientCertificate is not null;

    /// <summary>Whether browsers send an authorization again by themselves, once the visitor has signed in; others a page has to set.</summary>
    public static bool IsAmbient(string authorization) =>
        Array.Exists((string[])["Basic ", "Digest ", "Negotiate ", "NTLM "], scheme => authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static bool IsAt(HostString host, Uri origin) =>
        host.Host.Equals(HostOf(origin), StringComparison.OrdinalIgnoreCase)
        // Neither side has to write the port that the scheme implies.
        && (host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);

    /// <summary>The host in the form of browsers; as it is written where it has no such form.</summary>
    public static string HostOf(Uri uri)
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

    private sealed class NoCertificate : ITlsConnectionFeature
    {
        public static readonly NoCertificate Instance = new();

        public X509Certificate2? ClientCertificate
        {
            get => null;
            set
            {
            }
        }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }

    private bool IsOther(HttpRequest request, string origin) => origin.Length > 0 && !IsOwn(request, origin);
}
