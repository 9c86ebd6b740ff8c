using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Polywire.Files;

/// <summary>Whether a file was found and could be opened.</summary>
[Experimental("PWX0001")]
public enum PublicFileStatus
{
    /// <summary>There is no such file, or it may not be served.</summary>
    NotFound,

    /// <summary>It is open.</summary>
    Found,

    /// <summary>It is there and cannot be read.</summary>
    Unreadable,
}

/// <summary>A public file, open for reading; dispose the handle.</summary>
/// <param name="status">Whether there is one.</param>
/// <param name="path">Its real path; for logs, never for clients.</param>
/// <param name="handle">Null for an empty file.</param>
/// <param name="length">In bytes.</param>
/// <param name="lastModified">In UTC.</param>
[Experimental("PWX0001")]
public readonly struct PublicFile(PublicFileStatus status, string? path, SafeFileHandle? handle, long length, DateTime lastModified) : IDisposable
{
    /// <summary>Whether there is one.</summary>
    public PublicFileStatus Status { get; } = status;

    /// <summary>Its real path; for logs, never for clients.</summary>
    public string? Path { get; } = path;

    /// <summary>Null for an empty file.</summary>
    public SafeFileHandle? Handle { get; } = handle;

    /// <summary>In bytes.</summary>
    public long Length { get; } = length;

    /// <summary>In UTC.</summary>
    public DateTime LastModified { get; } = lastModified;

    /// <summary>No file.</summary>
    public static PublicFile NotFound { get; } = new(PublicFileStatus.NotFound, null, null, 0, default);

    /// <summary>Why it cannot be read; its words have the path in them, and clients never see them.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Why it cannot be read, in words for clients.</summary>
    public string? Reason =>
        Failure is null ? null : Failure is UnauthorizedAccessException ? "permission denied" : "it cannot be opened";

    /// <summary>Closes the file.</summary>
    public void Dispose() => Handle?.Dispose();
}
