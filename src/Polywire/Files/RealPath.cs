namespace Polywire.Files;

/// <summary>Resolves every link on the way to a file, not only the last one.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    /// <summary>The path without links; null where it does not exist, or where links go in circles.</summary>
    public static string? Resolve(string path)
    {
        var links = 0;
        var pending = new Stack<string>(Split(path));
        var resolved = Path.GetPathRoot(path)!;
        while (pending.TryPop(out var segment))
        {
            var next = Path.Combine(resolved, segment);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                if (!entry.Exists)
                {
                    return null;
                }

                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            var full = Path.GetFullPath(target, resolved);
            resolved = Path.GetPathRoot(full)!;
            foreach (var part in Split(full))
            {
                pending.Push(part);
            }
        }

        return resolved;
    }

    // Last segment first, so that a stack gives them in order.
    private static IEnumerable<string> Split(string path) =>
        path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
