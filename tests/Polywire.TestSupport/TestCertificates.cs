using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Polywire.TestSupport;

/// <summary>Makes certificates for tests of TLS: valid from a day ago for ten days, for <c>localhost</c> and the loopback addresses.</summary>
public static class TestCertificates
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>A server's certificate that vouches for itself.</summary>
    public static TestCertificate SelfSigned(TestKey kind = TestKey.Ecdsa) => Make("localhost", kind, issuer: null, isAuthority: false, ServerUsage);

    /// <summary>An authority that issues the certificates of others.</summary>
    public static TestCertificate Authority(string name = "Test authority", TestKey kind = TestKey.Ecdsa) =>
        Make(name, kind, issuer: null, isAuthority: true, usage: null);

    /// <summary>An authority between another one and the certificates that it issues.</summary>
    public static TestCertificate Intermediate(TestCertificate authority, string name = "Test intermediate", TestKey kind = TestKey.Ecdsa) =>
        Make(name, kind, authority, isAuthority: true, usage: null);

    /// <summary>A server's certificate issued by an authority.</summary>
    public static TestCertificate Server(TestCertificate authority, TestKey kind = TestKey.Ecdsa) =>
        Make("localhost", kind, authority, isAuthority: false, ServerUsage);

    /// <summary>A client's certificate issued by an authority.</summary>
    public static TestCertificate Client(TestCertificate authority, string name = "client", TestKey kind = TestKey.Ecdsa) =>
        Make(name, kind, authority, isAuthority: false, ClientUsage);

    /// <summary>What a TLS client needs to trust a test's server.</summary>
    /// <param name="root">The server's own certificate where it signed itself, else its authority's; nothing else is trusted.</param>
    /// <param name="client">The certificate that the client shows, or null for none.</param>
    /// <param name="intermediate">What the client sends along with its own, or null for nothing.</param>
    public static SslClientAuthenticationOptions Trusting(
        TestCertificate root, TestCertificate? client = null, TestCertificate? intermediate = null)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(root.Certificate);
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy };
        if (client is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(
                client.Certificate, intermediate is null ? null : [intermediate.Certificate], offline: true);
        }

        return options;
    }

    private static TestCertificate Make(string name, TestKey kind, TestCertificate? issuer, bool isAuthority, string? usage)
    {
        AsymmetricAlgorithm key = kind == TestKey.Rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName($"CN={name}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var uses = isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(uses, critical: true));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
            request.CertificateExtensions.Add(Names(name));
        }

        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (now.AddDays(-1), now.AddDays(10));
        if (issuer is null)
        {
            return new TestCertificate(request.CreateSelfSigned(from, to), key);
        }

        // An issued certificate may not outlast its issuer, which was made a moment earlier.
        using var bare = request.Create(
            issuer.Certificate.SubjectName, Generator(issuer), issuer.Certificate.NotBefore, issuer.Certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(key is RSA own ? bare.CopyWithPrivateKey(own) : bare.CopyWithPrivateKey((ECDsa)key), key);
    }

    private static X509SignatureGenerator Generator(TestCertificate issuer) =>
        issuer.Certificate.GetRSAPrivateKey() is { } rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa(issuer.Certificate.GetECDsaPrivateKey()!);

    private static X509Extension Names(string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return names.Build();
    }
}
