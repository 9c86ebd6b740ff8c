namespace Polywire.TestSupport;

/// <summary>An empty folder that goes, with all that is in it, when it is disposed.</summary>
/// <remarks>Its path is short enough for a Unix domain socket inside it.</remarks>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("polywire-").FullName;

    /// <summary>The full path of something in the folder, whether it exists or not.</summary>
    /// <param name="name">Relative, with slashes for folders within.</param>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file in UTF-8 without a mark, and the folders above it.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file and the folders above it.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, byte[] content)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Deletes the folder; one that is gone already is no fault.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
