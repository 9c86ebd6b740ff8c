using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Polywire.TestSupport;

/// <summary>A certificate with its private key, made for one test.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    internal TestCertificate(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
    }

    /// <summary>The certificate, private key included; disposed with this object.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate as PEM.</summary>
    public string CertificatePem => Certificate.ExportCertificatePem();

    /// <summary>The private key as PEM in PKCS #8, not encrypted.</summary>
    public string KeyPem => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The private key as PEM in PKCS #8, encrypted.</summary>
    public string EncryptedKeyPem(string passphrase) =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    /// <summary>Writes <c>NAME.crt</c> and <c>NAME.key</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The files' name without its ending.</param>
    /// <param name="passphrase">Encrypts the key; null leaves it open.</param>
    /// <returns>The full paths of both files.</returns>
    public (string CertificatePath, string KeyPath) WriteTo(TemporaryFolder folder, string name = "server", string? passphrase = null) =>
        (folder.Write(name + ".crt", CertificatePem), folder.Write(name + ".key", passphrase is null ? KeyPem : EncryptedKeyPem(passphrase)));

    /// <summary>Disposes the certificate and the key.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
