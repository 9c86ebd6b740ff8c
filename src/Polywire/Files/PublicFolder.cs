using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Polywire.Files;

/// <summary>One folder that files are served from, and what of it may be served.</summary>
/// <remarks>
/// Nothing outside the folder is ever found: whole path segments are compared, and every link on the way is resolved.
/// Holds no state, so requests share it freely; a file that was added or changed is seen at once.
/// </remarks>
[Experimental("PWX0001")]
public sealed class PublicFolder
{
    // PATH_MAX of Linux; others are not far from it. A peer's name is as long as it likes.
    private const int LongestPath = 4096;

    // The one place for what starts with a dot and is meant to be public (RFC 8615).
    private const string WellKnown = ".well-known";

    private readonly string _index;
    private readonly bool _followLinksOutside;
    private readonly bool _serveDotFiles;

    /// <param name="path">Absolute; it need not exist.</param>
    /// <param name="index">The file that answers for a folder.</param>
    /// <param name="followLinksOutside">Whether links may lead out of the folder.</param>
    /// <param name="serveDotFiles">Whether names that start with a dot are found; <c>.well-known</c> is in any case.</param>
    public PublicFolder(string path, string index, bool followLinksOutside, bool serveDotFiles)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        _index = index;
        _followLinksOutside = followLinksOutside;
        _serveDotFiles = serveDotFiles;
    }

    /// <summary>Absolute, without a separator at its end.</summary>
    public string Path { get; }

    /// <summary>Opens a file; not found where there is none to be had.</summary>
    /// <param name="name">Relative, or absolute inside the folder; a folder stands for its index file.</param>
    /// <returns>
    /// What it says of length and time is of the file that was opened. Pipes, sockets and devices are not opened and not there; what a link leads to
    /// is looked at after it was taken hold of, so that a name which is changed meanwhile changes nothing.
    /// </returns>
    public PublicFile Open(string name)
    {
        if (name.Length > LongestPath || name.Contains('\0', StringComparison.Ordinal))
        {
            return PublicFile.NotFound;
        }

        try
        {
            var path = System.IO.Path.GetFullPath(name, Path);
            return !IsInside(Path, path) || (!_serveDotFiles && HasDotSegment(path)) ? PublicFile.NotFound
                : HeldPath.IsSupported ? OpenHeld(path)
                : OpenFound(path);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Too long a name, or a folder on the way that may not be entered: to a client both are not there.
            return PublicFile.NotFound;
        }
    }

    private PublicFile OpenHeld(string path)
    {
        try
        {
            using var held = HeldPath.Hold(path);
            if (held is not { IsFolder: true })
            {
                return OpenHeld(held, path);
            }

            path = System.IO.Path.Combine(path, _index);
            using var index = HeldPath.Hold(path);
            return OpenHeld(index, path);
        }
        catch (IOException exception)
        {
            // The process has as many files open as it may, or the disk fails: not what a client asked for, and to be told.
            return Unreadable(path, exception);
        }
    }

    private PublicFile OpenHeld(HeldPath? held, string path)
    {
        if (held is not { IsRegular: true }
            || held.FindRealPath() is not { } real
            || !(_followLinksOutside || IsInside(Path, real) || IsInside(RealPath.Resolve(Path) ?? Path, real)))
        {
            return PublicFile.NotFound;
        }

        // A file that was deleted meanwhile has another name.
        return Open(real.EndsWith(" (deleted)", StringComparison.Ordinal) ? path : real, held.Length, held.LastModified, held.Open);
    }

    // Where a place cannot be held: what was found is looked at again when it is open.
    private PublicFile OpenFound(string path)
    {
        if (FindInside(path) is not { } file)
        {
            return PublicFile.NotFound;
        }

        var opened = Open(file.FullName, file.Length, file.LastWriteTimeUtc, () => File.OpenHandle(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous));
        if (opened.Handle is not { } handle
            || (FindInside(path) is { } again
                && again.FullName == file.FullName
                && again.Length == RandomAccess.GetLength(handle)
                && again.LastWriteTimeUtc == File.GetLastWriteTimeUtc(handle)))
        {
            return opened;
        }

        opened.Dispose();
        return PublicFile.NotFound;
    }

    private static PublicFile Open(string path, long length, DateTime lastModified, Func<SafeFileHandle> open)
    {
        try
        {
            return new PublicFile(PublicFileStatus.Found, path, length == 0 ? null : open(), length, lastModified);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return PublicFile.NotFound;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, exception);
        }
    }

    private static PublicFile Unreadable(string path, Exception failure) => new(PublicFileStatus.Unreadable, path, null, 0, default) { Failure = failure };

    private FileInfo? FindInside(string path)
    {
        // A link among the folders on the way, which may be the whole path: the folder itself may well be reached through links.
        for (var end = path.IndexOf(System.IO.Path.DirectorySeparatorChar, Math.Min(Path.Length + 1, path.Length));
             end > 0;
             end = path.IndexOf(System.IO.Path.DirectorySeparatorChar, end + 1))
        {
            var folder = new DirectoryInfo(path[..end]);
            if (!folder.Exists)
            {
                return null;
            }

            if (IsLink(folder))
            {
                return FindThroughLinks(path);
            }
        }

        var file = new FileInfo(path);
        if (file.Exists)
        {
            // Where the name ends in a separator it means a folder, and this is none.
            return System.IO.Path.EndsInDirectorySeparator(path) ? null : IsLink(file) ? FindThroughLinks(path) : file;
        }

        var last = new DirectoryInfo(path);
        if (!last.Exists)
        {
            return null;
        }

        var index = System.IO.Path.Combine(path, _index);
        file = new FileInfo(index);
        return IsLink(last) || (file.Exists && IsLink(file)) ? FindThroughLinks(index) : file.Exists ? file : null;
    }

    private FileInfo? FindThroughLinks(string path)
    {
        if (Directory.Exists(path))
        {
            path = System.IO.Path.Combine(path, _index);
        }

        // Of a link, the length and the kind are the target's: what is not a file is not to be opened, it might never let go.
        if (RealPath.Resolve(path) is not { } real || !(_followLinksOutside || IsInside(RealPath.Resolve(Path) ?? Path, real)))
        {
            return null;
        }

        var file = new FileInfo(real);
        return file.Exists ? file : null;
    }

    private bool HasDotSegment(string path)
    {
        foreach (var range in path.AsSpan(Path.Length).Split(System.IO.Path.DirectorySeparatorChar))
        {
            var segment = path.AsSpan(Path.Length)[range];
            if (segment.StartsWith('.') && !segment.SequenceEqual(WellKnown))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLink(FileSystemInfo entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static bool IsInside(string root, string path) =>
        path.StartsWith(root, StringComparison.Ordinal)
        && (path.Length == root.Length
            || System.IO.Path.EndsInDirectorySeparator(root)
            || path[root.Length] == System.IO.Path.DirectorySeparatorChar);
}
