namespace Polywire.ConformanceApp;

/// <summary>The file of the app's own public folder that is too large to be kept with the sources.</summary>
internal static class BigFile
{
    private const int Length = 5 * 1024 * 1024;

    /// <summary>Makes <c>big.bin</c>, 5 MiB whose byte i is i modulo 251, unless it is there.</summary>
    public static void EnsureIn(string folder)
    {
        var path = Path.Combine(folder, "big.bin");
        if (File.Exists(path) || !Directory.Exists(folder))
        {
            return;
        }

        var bytes = new byte[Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % 251);
        }

        // Moved into place whole: another instance may start at the same time.
        var part = $"{path}.{Path.GetRandomFileName()}";
        File.WriteAllBytes(part, bytes);
        File.Move(part, path, overwrite: true);
    }
}
