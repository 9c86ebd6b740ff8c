using System.Security.Cryptography.X509Certificates;

namespace Polywire.AspNetCore.Http;

/// <summary>Loads the certificate of the web server's own address.</summary>
internal static class WebCertificate
{
    public static bool IsPkcs12(string? path) => Path.GetExtension(path) is ".pfx" or ".p12";

    public static X509Certificate2 Load(WebCertificateOptions options)
    {
        if (IsPkcs12(options.Path))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(options.Path!, options.Password);
        }

        return options.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Path!, password, options.KeyPath)
            : X509Certificate2.CreateFromPemFile(options.Path!, options.KeyPath);
    }
}
