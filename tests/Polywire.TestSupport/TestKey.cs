namespace Polywire.TestSupport;

/// <summary>The kind of key in a test's certificate.</summary>
public enum TestKey
{
    /// <summary>ECDSA on P-256: quick to make.</summary>
    Ecdsa,

    /// <summary>RSA with 2048 bits.</summary>
    Rsa,
}
