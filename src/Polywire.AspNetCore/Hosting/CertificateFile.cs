using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Hosting;

/// <summary>A server's certificate with its key, and the intermediate ones that stand in the same file.</summary>
internal sealed class CertificateFile
{
    private const string NoSuchFile = "there is no such file";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _intermediates;
    private SslStreamCertificateContext? _context;

    private CertificateFile(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        _certificate = certificate;
        _intermediates = intermediates;
    }

    /// <summary>The certificate with its intermediate ones, as TLS wants it; made when it is first asked for.</summary>
    public SslStreamCertificateContext Context => _context ??= SslStreamCertificateContext.Create(_certificate, _intermediates);

    /// <summary>Until when it holds, in UTC.</summary>
    public DateTime NotAfter => _certificate.NotAfter.ToUniversalTime();

    /// <summary>Whether a path names a PKCS #12 file; any other is PEM.</summary>
    public static bool IsPkcs12(string? path) => Path.GetExtension(path) is ".pfx" or ".p12";

    /// <summary>Adds to a check what keeps the files from being used, under <c>Certificate:Path</c> or <c>Certificate:KeyPath</c>.</summary>
    /// <param name="check">Of the section that <c>Certificate</c> stands in.</param>
    /// <param name="path">The certificate.</param>
    /// <param name="keyPath">Its key; not looked at for PKCS #12.</param>
    /// <param name="password">Of the key; never shown.</param>
    public static void Check(OptionsCheck check, string path, string? keyPath, string? password)
    {
        try
        {
            Load(path, keyPath, password).Dispose();
        }
        catch (CertificateFileException exception)
        {
            check.That(false, $"Certificate:{exception.Setting}", exception.Setting == "Path" ? path : keyPath, exception.Message);
        }
    }

    /// <summary>Reads the files. The first certificate of a PEM file is the server's own.</summary>
    /// <exception cref="CertificateFileException">Names the setting that is wrong.</exception>
    public static CertificateFile Load(string path, string? keyPath, string? password)
    {
        // What the system says of a missing file does not tell that it is missing.
        if (!File.Exists(path))
        {
            throw new CertificateFileException("Path", NoSuchFile);
        }

        if (IsPkcs12(path))
        {
            return LoadPkcs12(path, password);
        }

        return File.Exists(keyPath)
            ? LoadPem(path, keyPath, password)
            : throw new CertificateFileException("KeyPath", NoSuchFile);
    }

    /// <summary>Reads the certificates of a PEM file that holds no key.</summary>
    /// <exception cref="CertificateFileException">There are none; of setting <c>Path</c>.</exception>
    public static X509Certificate2Collection LoadAll(string path)
    {
        if (!File.Exists(path))
        {
            throw new CertificateFileException("Path", NoSuchFile);
        }

        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPemFile(path);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw new CertificateFileException("Path", $"it cannot be read{Why(exception)}", exception);
        }

        return all.Count > 0 ? all : throw new CertificateFileException("Path", "it holds no certificate in PEM");
    }

    /// <summary>Has Kestrel show the certificate and, behind it, the intermediate ones.</summary>
    public void Use(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = _certificate;
        https.ServerCertificateChain = _intermediates;
    }

    private static CertificateFile LoadPkcs12(string path, string? password)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw new CertificateFileException("Path", $"it cannot be read with the Password that is set{Why(exception)}", exception);
        }

        var own = all.FirstOrDefault(static certificate => certificate.HasPrivateKey)
            ?? throw new CertificateFileException("Path", "it holds no private key");
        all.Remove(own);
        return new CertificateFile(own, all);
    }

    private static CertificateFile LoadPem(string path, string? keyPath, string? password)
    {
        var all = LoadAll(path);
        try
        {
            var own = password is null
                ? X509Certificate2.CreateFromPemFile(path, keyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
            all[0].Dispose();
            all.RemoveAt(0);
            return new CertificateFile(own, all);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            var with = password is null ? "without a Password" : "with the Password that is set";
            throw new CertificateFileException("KeyPath", $"it cannot be read {with} as the key of the certificate{Why(exception)}", exception);
        }
    }

    private static bool IsUnusable(Exception exception) =>
        exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private static string Why(Exception exception) => $" ({exception.Message.TrimEnd('.')})";

    private void Dispose()
    {
        _certificate.Dispose();
        foreach (var certificate in _intermediates)
        {
            certificate.Dispose();
        }
    }
}
