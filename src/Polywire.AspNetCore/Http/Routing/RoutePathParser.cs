using System.Text.RegularExpressions;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Reads the path of a route as it was declared.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Routes".</remarks>
internal static class RoutePathParser
{
    /// <summary>Cuts a path into its parts.</summary>
    /// <param name="path"><c>/users/:id(^\d+$)</c>, <c>/users/{id}</c>, <c>/v:version/x</c>, <c>/files/{*path}</c>.</param>
    /// <param name="timeout">How long a pattern may take.</param>
    /// <param name="isCatchAll">Whether the last part was written so that it takes all that follows.</param>
    /// <exception cref="InvalidOperationException">The path cannot be understood; the message names it.</exception>
    public static RoutePart[] Parse(string path, TimeSpan timeout, out bool isCatchAll)
    {
        isCatchAll = false;
        var text = path.StartsWith('/') ? path[1..] : path;
        text = text.EndsWith('/') ? text[..^1] : text;
        if (text.Length == 0)
        {
            return [];
        }

        var segments = text.Split('/');
        var parts = new RoutePart[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            if (isCatchAll)
            {
                throw Wrong(path, "only its last part can take all that follows");
            }

            parts[i] = Part(path, segments[i], timeout, ref isCatchAll);
            if (parts[i].Variable is { } name && Array.FindIndex(parts, 0, i, part => part.Variable == name) >= 0)
            {
                throw Wrong(path, $"the variable '{name}' stands in it twice");
            }
        }

        return parts;
    }

    private static RoutePart Part(string path, string segment, TimeSpan timeout, ref bool isCatchAll)
    {
        if (segment.Length == 0)
        {
            throw Wrong(path, "a part of it is empty, which no request can match");
        }

        // Braces first: a pattern behind a colon may have braces of its own.
        var brace = segment.IndexOf('{', StringComparison.Ordinal);
        var colon = segment.IndexOf(':', StringComparison.Ordinal);
        if (brace >= 0 && (colon < 0 || brace < colon))
        {
            return Braced(path, segment, brace, ref isCatchAll);
        }

        if (colon < 0)
        {
            return new RoutePart(segment);
        }

        var literal = segment[..colon];
        var variable = segment[(colon + 1)..];
        var open = variable.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new RoutePart(literal, Name(path, variable));
        }

        if (!variable.EndsWith(')'))
        {
            throw Wrong(path, "a pattern is not closed; it cannot have a slash in it");
        }

        return new RoutePart(literal, Name(path, variable[..open]), Pattern(path, variable[(open + 1)..^1], timeout));
    }

    private static RoutePart Braced(string path, string segment, int brace, ref bool isCatchAll)
    {
        if (!segment.EndsWith('}'))
        {
            throw Wrong(path, "nothing may follow a variable in its part");
        }

        var name = segment[(brace + 1)..^1];
        if (name.StartsWith('*'))
        {
            isCatchAll = true;
            name = name.TrimStart('*');
        }

        if (name.AsSpan().IndexOfAny(":=?") >= 0)
        {
            throw Wrong(path, $"'{{{name}}}' is more than a name; a pattern is written ':name(^[0-9]+$)', and a route for each form replaces an optional part");
        }

        return new RoutePart(segment[..brace], Name(path, name));
    }

    private static string Name(string path, string name) => name.Length > 0 ? name : throw Wrong(path, "a variable has no name");

    private static Regex Pattern(string path, string pattern, TimeSpan timeout)
    {
        try
        {
            // As browsers and Node read it: \d is 0 to 9, and $ is the very end.
            return new Regex(pattern, RegexOptions.ECMAScript, timeout);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"Route {path} cannot be used: its pattern '{pattern}' does not compile: {exception.Message}", exception);
        }
    }

    private static InvalidOperationException Wrong(string path, string why) => new($"Route {path} cannot be used: {why}.");
}
