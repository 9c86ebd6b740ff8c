namespace Polywire.Files;

/// <summary>What a client asks for that wants a file.</summary>
/// <param name="Name">The name; null where nothing was asked for, or no text.</param>
/// <param name="IsGiven">Whether anything was asked for.</param>
/// <param name="AsBase64">Whether the bytes are to be encoded, where the protocol has text alone.</param>
internal readonly record struct FileRequest(string? Name, bool IsGiven, bool AsBase64 = false);
