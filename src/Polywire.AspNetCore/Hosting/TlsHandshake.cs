using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Polywire.AspNetCore.Hosting;

/// <summary>What a client told in its TLS handshake; kept as it was, since the stream forgets it with its end.</summary>
internal class TlsHandshake : ConnectionHandshake
{
    protected TlsHandshake(X509Certificate2? certificate, SslProtocols protocol, string? serverName) =>
        (ClientCertificate, TlsProtocol, ServerName) = (certificate, protocol, serverName);

    public sealed override X509Certificate2? ClientCertificate { get; }

    public sealed override SslProtocols TlsProtocol { get; }

    public sealed override string? ServerName { get; }

    /// <summary>Reads what there is of TLS on a connection or a request.</summary>
    /// <returns>Null where there is no TLS, or its stream has ended by now.</returns>
    public static TlsHandshake? Of(IFeatureCollection features)
    {
        if (features.Get<ITlsConnectionFeature>() is null)
        {
            return null;
        }

        var (certificate, protocol, serverName) = Read(features, hasVisitor: true);
        return new TlsHandshake(certificate, protocol, serverName);
    }

    /// <summary>The name that the client asked for; null where it named none.</summary>
    public static string? ServerNameOf(IFeatureCollection features)
    {
        // Kestrel's own knows it only where certificates are chosen by it.
        var name = features.Get<ITlsHandshakeFeature>()?.HostName;
        name = string.IsNullOrEmpty(name) ? features.Get<ISslStreamFeature>()?.SslStream.TargetHostName : name;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>Reads what there is of TLS on a connection or a request.</summary>
    /// <param name="features">The connection's or the request's.</param>
    /// <param name="hasVisitor">Whether the certificate counts.</param>
    protected static (X509Certificate2? Certificate, SslProtocols Protocol, string? ServerName) Read(IFeatureCollection features, bool hasVisitor)
    {
        try
        {
            return (
                hasVisitor ? features.Get<ITlsConnectionFeature>()?.ClientCertificate : null,
                features.Get<ITlsHandshakeFeature>()?.Protocol ?? SslProtocols.None,
                ServerNameOf(features));
        }
        catch (InvalidOperationException)
        {
            // The stream has ended: nobody is known by it any more.
            return default;
        }
    }
}
