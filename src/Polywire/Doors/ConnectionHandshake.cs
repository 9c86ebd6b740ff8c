using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Polywire;

/// <summary>What a client told when it connected, beside what it asks for: TLS and its certificate, headers and query.</summary>
/// <remarks>
/// <para>
/// What a door does not have is null: TCP has no headers, and without TLS there is no certificate. Safe to use concurrently.
/// </para>
/// <para>
/// TLS is known for the life of the connection. Headers and query of a WebSocket's upgrade are known while
/// <see cref="IConnectionMiddleware.OnConnectedAsync"/> runs, and afterwards only with <c>Polywire:WebSocket:KeepHandshake</c>, since a browser
/// sends some kilobytes of them; those of a web connection, which is one request, as long as it lives.
/// </para>
/// <para>
/// Of a request that a page of another origin had a browser send, what the browser adds for its visitor (cookies, certificates, <c>Basic</c>
/// and its like) is not here, as everywhere.
/// </para>
/// </remarks>
public abstract class ConnectionHandshake
{
    /// <summary>Makes one; for doors and for tests.</summary>
    protected ConnectionHandshake()
    {
    }

    /// <summary>A client that told nothing.</summary>
    public static ConnectionHandshake None { get; } = new Nothing();

    /// <summary>The certificate that the client showed; null where it showed none or was not asked for one.</summary>
    /// <remarks>
    /// Whether it was checked is the server's setting: with <c>ClientCertificate:RejectUnauthorized</c> set to false, anybody can show anything.
    /// Belongs to the connection: do not dispose it.
    /// </remarks>
    public virtual X509Certificate2? ClientCertificate => null;

    /// <summary>The version of TLS; <see cref="SslProtocols.None"/> where there is no TLS between the client and this process.</summary>
    public virtual SslProtocols TlsProtocol => SslProtocols.None;

    /// <summary>The name of the server that the client asked TLS for (SNI); null where it named none.</summary>
    public virtual string? ServerName => null;

    /// <summary>Finds a header of the request or of the upgrade.</summary>
    /// <param name="name">In any case.</param>
    /// <returns>Its value, several joined by commas; null where it was not sent or the door has no headers.</returns>
    /// <exception cref="InvalidOperationException">The headers of this upgrade are not kept any more.</exception>
    public virtual string? GetHeader(string name) => null;

    /// <summary>Finds a key of the query of the request or of the upgrade.</summary>
    /// <param name="name">In the case it has.</param>
    /// <returns>Its first value, decoded; null where it was not sent or the door has no query.</returns>
    /// <exception cref="InvalidOperationException">The query of this upgrade is not kept any more.</exception>
    public virtual string? GetQuery(string name) => null;

    private sealed class Nothing : ConnectionHandshake;
}
