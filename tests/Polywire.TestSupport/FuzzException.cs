namespace Polywire.TestSupport;

/// <summary>A fuzzed input made the code under test throw; the cause is the inner exception.</summary>
public sealed class FuzzException(string message, Exception cause) : Exception(message, cause);
