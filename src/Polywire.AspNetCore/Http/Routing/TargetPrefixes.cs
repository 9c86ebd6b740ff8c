namespace Polywire.AspNetCore.Http.Routing;

/// <summary>What the first segments of a path mean, after the settings.</summary>
internal sealed class TargetPrefixes
{
    private readonly TargetMode _root;
    private readonly (string Text, int Parts, TargetMode Mode)[] _prefixes;

    public TargetPrefixes(WebOptions options)
    {
        _root = options.RootEndpointType == "api" ? TargetMode.Action : TargetMode.File;
        _prefixes =
        [
            .. Prefix(options.UrlPathForActions, TargetMode.Action),
            .. Prefix(options.UrlPathForFiles, TargetMode.File),
            .. options.Legacy ? Prefix("file", TargetMode.File) : [],
        ];
        Actions = Normalize(options.UrlPathForActions) is { Length: > 0 } actions ? $"/{actions}" : string.Empty;
    }

    /// <summary>What stands before the name of an action where both are written: <c>/api</c>; empty where actions are at the root.</summary>
    public string Actions { get; }

    /// <summary>Compares the first segments, exactly and with case.</summary>
    /// <param name="path">Without slashes in front and without one at the end.</param>
    /// <param name="parts">The number of its segments.</param>
    /// <param name="skipped">Where the rest begins; -1 if no prefix is there.</param>
    /// <returns>The mode, and the number of segments that are left.</returns>
    public (TargetMode Mode, int Parts) Classify(ReadOnlySpan<char> path, int parts, out int skipped)
    {
        foreach (var (text, count, mode) in _prefixes)
        {
            if (path.StartsWith(text, StringComparison.Ordinal) && (path.Length == text.Length || path[text.Length] == '/'))
            {
                skipped = text.Length + 1;
                return (mode, parts - count);
            }
        }

        skipped = -1;
        return (_root, parts);
    }

    private static IEnumerable<(string, int, TargetMode)> Prefix(string? setting, TargetMode mode) =>
        Normalize(setting) is { Length: > 0 } text ? [(text, text.Split('/').Length, mode)] : [];

    private static string? Normalize(string? setting) => setting?.Trim('/');
}
