namespace Polywire.Sockhop;

/// <summary>Which directions of a connection are in binary mode.</summary>
public readonly record struct SockhopBinaryMode
{
    /// <summary>Whether what is received is binary.</summary>
    public required bool Rx { get; init; }

    /// <summary>Whether what is sent is binary.</summary>
    public required bool Tx { get; init; }
}
