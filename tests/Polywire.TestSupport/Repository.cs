namespace Polywire.TestSupport;

/// <summary>Where the sources lie, for tests that read them.</summary>
public static class Repository
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The folder that holds <c>Polywire.slnx</c>, sought upwards from the test's own folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The test does not run inside the repository.</exception>
    public static string Root => Found.Value;

    /// <summary>Files below a folder of the repository, without what builds and package managers put there.</summary>
    /// <param name="folder">Relative to the root; empty for all of it. A folder that is missing has no files.</param>
    /// <param name="pattern">A file name with wildcards.</param>
    /// <returns>Paths relative to the root, with slashes, sorted.</returns>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var files = new List<string>();
        var start = Path.Combine(Root, folder);
        if (Directory.Exists(start))
        {
            Collect(start, pattern, files);
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static void Collect(string folder, string pattern, List<string> files)
    {
        files.AddRange(Directory.EnumerateFiles(folder, pattern).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')));
        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(child) is not ("bin" or "obj" or "node_modules" or "artifacts") && !Path.GetFileName(child).StartsWith('.'))
            {
                Collect(child, pattern, files);
            }
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Polywire.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Polywire.slnx in or above {AppContext.BaseDirectory}.");
    }
}
