namespace Polywire;

/// <summary>A certificate with its key, for the address of a server.</summary>
public sealed class CertificateOptions
{
    /// <summary>A PEM file (then <see cref="KeyPath"/> is needed) or a PKCS #12 file (<c>.pfx</c>, <c>.p12</c>); <see langword="null"/> by default.</summary>
    public string? Path { get; set; }

    /// <summary>The PEM file of the private key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The password of the key or of the PKCS #12 file; <see langword="null"/> for none.</summary>
    public string? Password { get; set; }
}
