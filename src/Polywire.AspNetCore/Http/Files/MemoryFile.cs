namespace Polywire.AspNetCore.Http.Files;

/// <summary>A file that is not on disk.</summary>
/// <param name="Name">Relative to a public folder; for the log.</param>
/// <param name="ContentType">With its charset.</param>
/// <param name="Content">The whole of it.</param>
/// <param name="ETag">Weak: <c>W/"…"</c>, the same on every node that has the same content.</param>
/// <param name="LastModified">In UTC.</param>
internal sealed record MemoryFile(string Name, string ContentType, ReadOnlyMemory<byte> Content, string ETag, DateTime LastModified);
