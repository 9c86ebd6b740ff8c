using System.Net.Security;

namespace Polywire.Sockhop.Transport;

/// <summary>TLS as the client speaks it.</summary>
internal static class TlsOptions
{
    /// <summary>The client's options; the name that the certificate has to be for is that of the host, unless another one is given.</summary>
    public static SslClientAuthenticationOptions Of(SslClientAuthenticationOptions tls, string? host)
    {
        if (host is null || !string.IsNullOrEmpty(tls.TargetHost))
        {
            return tls;
        }

        var copy = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            AllowRenegotiation = tls.AllowRenegotiation,
            AllowTlsResume = tls.AllowTlsResume,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificateContext = tls.ClientCertificateContext,
            ClientCertificates = tls.ClientCertificates,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            EncryptionPolicy = tls.EncryptionPolicy,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            copy.AllowRsaPkcs1Padding = tls.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = tls.AllowRsaPssPadding;
        }

        return copy;
    }
}
