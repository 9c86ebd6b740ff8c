namespace Polywire.Sockhop.Connections;

/// <summary>A buffer's bytes that are read from a stream while they are written.</summary>
/// <param name="Source">Read from the beginning to <paramref name="Length"/>, and not closed.</param>
/// <param name="Length">How many bytes the frame says it has.</param>
/// <param name="IsText">Whether they are written as base64.</param>
internal sealed record OutboundStream(Stream Source, long Length, bool IsText);
