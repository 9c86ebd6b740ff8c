using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Polywire.AspNetCore.Hosting;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Puts Kestrel's TLS under the line protocol.</summary>
internal static class SocketTls
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Whether there is TLS at all.</summary>
    public static bool IsOn(SocketOptions options) => options.Secure != false && options.Certificate.Path is not null;

    /// <summary>Does nothing where no certificate is configured.</summary>
    public static void Use(ListenOptions listen, SocketOptions options, CertificateWatch certificates)
    {
        if (!IsOn(options))
        {
            return;
        }

        listen.UseHttps(https =>
        {
            certificates.Use(https, "Polywire:Socket", options.Certificate.Path!, options.Certificate.KeyPath, options.Certificate.Password);
            if (options.ClientCertificate.Request)
            {
                AskClients(https, options.ClientCertificate);
            }
        });
    }

    private static void AskClients(HttpsConnectionAdapterOptions https, ClientCertificateOptions options)
    {
        if (!options.RejectUnauthorized)
        {
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
            return;
        }

        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        if (options.AuthorityPath is { } path)
        {
            var authorities = CertificateFile.LoadAll(path);
            https.ClientCertificateValidation = (certificate, presented, _) => IsIssuedBy(certificate, presented, authorities);
        }
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (presented is not null)
        {
            // The intermediate certificates that the client sent along; they are trusted only as far as they lead to an authority.
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}
