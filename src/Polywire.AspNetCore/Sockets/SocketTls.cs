using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Puts Kestrel's TLS under the line protocol.</summary>
internal static class SocketTls
{
    /// <summary>Does nothing where no certificate is configured.</summary>
    public static void Use(ListenOptions listen, SocketOptions options)
    {
        if (options.Secure == false || options.Certificate.Path is null)
        {
            return;
        }

        listen.UseHttps(https =>
        {
            https.ServerCertificate = Load(options.Certificate);
            var client = options.ClientCertificate;
            if (!client.Request)
            {
                return;
            }

            https.ClientCertificateMode = client.RejectUnauthorized
                ? ClientCertificateMode.RequireCertificate
                : ClientCertificateMode.AllowCertificate;
            if (!client.RejectUnauthorized)
            {
                https.AllowAnyClientCertificate();
            }
            else if (client.AuthorityPath is { } path)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(path);
                https.ClientCertificateValidation = (certificate, _, _) => IsIssuedBy(certificate, authorities);
            }
        });
    }

    private static X509Certificate2 Load(SocketCertificateOptions options)
    {
        if (Path.GetExtension(options.Path) is ".pfx" or ".p12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(options.Path!, options.Password);
        }

        return options.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Path!, password, options.KeyPath)
            : X509Certificate2.CreateFromPemFile(options.Path!, options.KeyPath);
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
