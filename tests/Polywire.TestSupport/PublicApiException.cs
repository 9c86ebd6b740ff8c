namespace Polywire.TestSupport;

/// <summary>The public surface of an assembly is not what the checked-in file says; the message has the difference.</summary>
public sealed class PublicApiException(string message) : Exception(message);
