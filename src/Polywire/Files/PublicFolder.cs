namespace Polywire.Files;

/// <summary>One folder that files are served from, and what of it may be served.</summary>
/// <remarks>
/// Nothing outside the folder is ever found: whole path segments are compared, and every link on the way is resolved.
/// Holds no state, so requests share it freely; a file that was added or changed is seen at once.
/// </remarks>
internal sealed class PublicFolder
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

    /// <summary>Finds a file; <see langword="null"/> where there is none to be had.</summary>
    /// <param name="name">Relative, or absolute inside the folder; a folder stands for its index file.</param>
    /// <returns>What it says of length and time is from one look at the file, its links resolved.</returns>
    public FileInfo? Find(string name)
    {
        if (name.Length > LongestPath || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var path = System.IO.Path.GetFullPath(name, Path);
            return IsInside(Path, path) && (_serveDotFiles || !HasDotSegment(path)) ? FindInside(path) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Too long a name, or a folder on the way that may not be entered: to a client both are not there.
            return null;
        }
    }

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
