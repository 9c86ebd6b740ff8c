namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The methods with which the names of actions are routes.</summary>
internal static class AutomaticMethods
{
    private static readonly (string Word, RouteMethods Methods)[] Words =
    [
        ("none", RouteMethods.None), ("all", RouteMethods.All), ("head", RouteMethods.Head), ("get", RouteMethods.Get), ("post", RouteMethods.Post),
        ("put", RouteMethods.Put), ("patch", RouteMethods.Patch), ("delete", RouteMethods.Delete),
    ];

    /// <summary>What the settings say.</summary>
    public static RouteMethods Of(WebOptions options) =>
        options.AutomaticRoutes is { } words ? TryParse(words, out var methods) ? methods : RouteMethods.None
        : options.SimpleRouting ? RouteMethods.All
        : RouteMethods.None;

    /// <summary>Reads words with commas between them.</summary>
    public static bool TryParse(string words, out RouteMethods methods)
    {
        methods = RouteMethods.None;
        foreach (var word in words.Split(',', StringSplitOptions.TrimEntries))
        {
            var known = Array.FindIndex(Words, pair => pair.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (known < 0)
            {
                return false;
            }

            methods |= Words[known].Methods;
        }

        return true;
    }
}
