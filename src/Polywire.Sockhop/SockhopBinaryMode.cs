namespace Polywire.Sockhop;

/// <summary>Which directions of a connection are in binary mode.</summary>
/// <param name="Rx">What is received.</param>
/// <param name="Tx">What is sent.</param>
public readonly record struct SockhopBinaryMode(bool Rx, bool Tx);
