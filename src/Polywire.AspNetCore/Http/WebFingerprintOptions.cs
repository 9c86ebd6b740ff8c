namespace Polywire;

/// <summary>The cookie by which a client is known again. It is no login: clients can choose it.</summary>
public sealed class WebFingerprintOptions
{
    /// <summary>The cookie's name, with case; <c>sessionID</c> by default. The header <c>X-SessionID</c> counts where the cookie is absent.</summary>
    public string CookieKey { get; set; } = "sessionID";

    /// <summary>Whether a new fingerprint is set as a cookie; <see langword="true"/> by default.</summary>
    public bool ToSetCookie { get; set; } = true;

    /// <summary>Derives the fingerprint from what does not change between the requests of one client, for clients without cookies; <see langword="false"/> by default.</summary>
    /// <remarks>Clients behind one address with equal headers then share a fingerprint.</remarks>
    public bool OnlyStaticElements { get; set; }

    /// <summary>The cookie's attributes; <c>path</c> <c>/</c> and <c>expires</c> 3,600,000 (milliseconds from now) by default.</summary>
    /// <remarks>An empty value writes the name alone, <c>HttpOnly</c>; a <see langword="null"/> leaves it out.</remarks>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["path"] = "/",
        ["expires"] = "3600000",
    };
}
