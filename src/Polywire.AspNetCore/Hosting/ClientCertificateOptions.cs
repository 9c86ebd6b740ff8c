namespace Polywire;

/// <summary>What a TLS server asks of its clients.</summary>
public sealed class ClientCertificateOptions
{
    /// <summary>Asks for a certificate; <see langword="false"/> by default.</summary>
    public bool Request { get; set; }

    /// <summary>Refuses clients that have none, or one that does not hold; <see langword="true"/> by default where one is asked for.</summary>
    public bool RejectUnauthorized { get; set; } = true;

    /// <summary>A PEM file with the authorities to trust; <see langword="null"/> (default) trusts the system's.</summary>
    public string? AuthorityPath { get; set; }
}
