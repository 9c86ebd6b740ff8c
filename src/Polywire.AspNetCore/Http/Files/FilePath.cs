using System.Diagnostics.CodeAnalysis;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>The path of a request as the name of a file.</summary>
/// <remarks>Source: docs/protocol/http-files.md.</remarks>
internal static class FilePath
{
    // Longer than any path that a system takes, as dots can make it shorter. An action may hand on what came in a body.
    private const int LongestName = 16 * 1024;

    /// <summary>Decodes and normalises.</summary>
    /// <param name="path">What follows the prefix: segments with <c>/</c> between them, undecoded; empty for the folder itself.</param>
    /// <param name="index">What a path that ends in <c>/</c>, or is empty, asks for.</param>
    /// <param name="name">Relative, with no <c>.</c>, <c>..</c> or empty segment save a last one.</param>
    /// <returns><see langword="false"/> where no file can have that name.</returns>
    public static bool TryDecode(string path, string index, [NotNullWhen(true)] out string? name)
    {
        name = null;
        return PercentText.TryDecode(path.Length == 0 || path.EndsWith('/') ? path + index : path, plusIsSpace: false, out var decoded)
            && TryNormalize(decoded, out name);
    }

    /// <summary>Takes the dots out of a name, within the folder it is relative to.</summary>
    /// <param name="path">Decoded, with <c>/</c> between segments.</param>
    /// <param name="name">The same file with no <c>.</c>, <c>..</c> or empty segment save a last one, which says that a folder is meant.</param>
    /// <returns>
    /// <see langword="false"/> for an absolute path, for one that leaves the folder, if only to come back, and for characters that are
    /// none of a name's.
    /// </returns>
    public static bool TryNormalize(string path, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (path.Length > LongestName || path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        // Drives, streams, devices and the other separator: Windows' own ways out of a folder.
        if (OperatingSystem.IsWindows() && path.AsSpan().ContainsAny(':', '\\'))
        {
            return false;
        }

        if (!NeedsWalk(path))
        {
            name = path;
            return true;
        }

        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (segments.Count == 0)
                    {
                        return false;
                    }

                    segments.RemoveAt(segments.Count - 1);
                    break;
                default:
                    segments.Add(segment);
                    break;
            }
        }

        name = string.Join('/', segments);
        if (segments.Count > 0 && path.EndsWith('/'))
        {
            name += "/";
        }

        return true;
    }

    private static bool NeedsWalk(string path) =>
        path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal) || path.Contains("//", StringComparison.Ordinal);
}
