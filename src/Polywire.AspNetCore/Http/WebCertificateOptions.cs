namespace Polywire;

/// <summary>The certificate of the web server's own address.</summary>
public sealed class WebCertificateOptions
{
    /// <summary>A PEM file, or a PKCS #12 file (<c>.pfx</c>, <c>.p12</c>); <see langword="null"/> by default.</summary>
    public string? Path { get; set; }

    /// <summary>The PEM file of the private key; <see langword="null"/> (default) where <see cref="Path"/> is PKCS #12.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The password of the key; <see langword="null"/> (default) for none.</summary>
    public string? Password { get; set; }
}
