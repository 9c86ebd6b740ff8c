using Microsoft.Win32.SafeHandles;

namespace Polywire.Files;

/// <summary>What became of asking for a file.</summary>
internal enum PublicFileStatus
{
    /// <summary>It is not there, or not to be had.</summary>
    NotFound,

    /// <summary>It is open.</summary>
    Found,

    /// <summary>It is there and cannot be read.</summary>
    Unreadable,
}

/// <summary>A public file, open for reading; dispose the handle.</summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Path">Its real path; for logs, never for clients.</param>
/// <param name="Handle">Null for an empty file.</param>
/// <param name="Length">In bytes.</param>
/// <param name="LastModified">In UTC.</param>
internal readonly record struct PublicFile(
    PublicFileStatus Status, string? Path, SafeFileHandle? Handle, long Length, DateTime LastModified) : IDisposable
{
    public static PublicFile NotFound { get; } = new(PublicFileStatus.NotFound, null, null, 0, default);

    /// <summary>Why it cannot be read; its words have the path in them, and clients never see them.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Why it cannot be read, in words for clients.</summary>
    public string? Reason =>
        Failure is null ? null : Failure is UnauthorizedAccessException ? "permission denied" : "it cannot be opened";

    public void Dispose() => Handle?.Dispose();
}
