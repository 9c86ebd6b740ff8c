using System.Security.Claims;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>What the upgrade of a connection said; not kept.</summary>
/// <param name="Fingerprint">By what the client is known again; null for the connection's id.</param>
/// <param name="RemoteIP">Where it comes from.</param>
/// <param name="RemotePort">0 where there is none.</param>
/// <param name="IsPrimus">Whether it speaks the dialect of Primus.</param>
/// <param name="Compression">What the offer of permessage-deflate is answered; null where it is not used.</param>
/// <param name="User">Who is asking; null where nobody known is.</param>
internal sealed record WebSocketOpening(
    string? Fingerprint, string RemoteIP, int RemotePort, bool IsPrimus, string? Compression, ClaimsPrincipal? User)
{
    /// <summary>Whom the schemes that policies name have found; kept with the connection.</summary>
    public IReadOnlyDictionary<string, ClaimsPrincipal>? SchemeUsers { get; init; }

    /// <summary>What the client told; kept with the connection, and most of it let go when the middleware has seen it.</summary>
    public required ConnectionHandshake Handshake { get; init; }
}
