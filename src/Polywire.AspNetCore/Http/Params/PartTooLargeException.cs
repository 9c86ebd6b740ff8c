namespace Polywire.AspNetCore.Http.Params;

/// <summary>What stands around the content of a part is more than a limit.</summary>
internal sealed class PartTooLargeException(string message) : Exception(message);
