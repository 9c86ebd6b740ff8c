namespace Polywire.AspNetCore.Http.Routing;

/// <summary>One route of the table.</summary>
internal sealed class WebRoute
{
    private readonly RoutePart[] _parts;
    private readonly RouteMatch? _fixed;

    private WebRoute(MatchedRoute route, RoutePart[] parts, int variables)
    {
        Description = route;
        _parts = parts;
        Variables = variables;

        // Without variables and without a tail every match is the same.
        _fixed = variables == 0 && !route.MatchTrailingPathParts ? new RouteMatch(this, string.Empty, [], string.Empty) : null;
    }

    /// <summary>The route as it was declared.</summary>
    public MatchedRoute Description { get; }

    public int Variables { get; }

    /// <summary>What the first segment must be, ignoring case; null where it may be more than one text.</summary>
    public string? FirstLiteral => _parts is [{ Variable: null } first, ..] ? first.Literal : null;

    /// <summary>Whether it is for the bare path.</summary>
    public bool IsRoot => _parts.Length == 0;

    public static WebRoute Parse(MatchedRoute route, TimeSpan timeout)
    {
        var parts = RoutePathParser.Parse(route.Path, timeout, out var isCatchAll);
        return new WebRoute(
            isCatchAll ? route with { MatchTrailingPathParts = true } : route, parts, parts.Count(part => part.Variable is not null));
    }

    /// <summary>The route that an action's name is; nothing in the name has a meaning.</summary>
    public static WebRoute Simple(string action) =>
        new(new MatchedRoute { Path = $"/{action}", Action = action }, [.. action.Split('/').Select(part => new RoutePart(part))], 0);

    public string VariableAt(int index)
    {
        foreach (var part in _parts)
        {
            if (part.Variable is { } name && index-- == 0)
            {
                return name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Matches part by part; a part that is missing or empty fails.</summary>
    /// <param name="path">Undecoded, without slashes in front and without one at the end.</param>
    /// <param name="count">The number of its segments.</param>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">The pattern took too long.</exception>
    public RouteMatch? Match(string path, int count)
    {
        var trailing = Description.MatchTrailingPathParts;
        if (trailing ? count < _parts.Length : count != _parts.Length)
        {
            return null;
        }

        if (_parts.Length == 0)
        {
            return _fixed ?? new RouteMatch(this, path, [], path);
        }

        var values = Variables == 0 ? [] : new Range[Variables];
        var variable = 0;
        var at = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            var part = _parts[i];
            var slash = path.AsSpan(at).IndexOf('/');
            var end = slash < 0 ? path.Length : at + slash;
            if (end == at)
            {
                return null;
            }

            if (part.Variable is null)
            {
                if (!path.AsSpan(at, end - at).Equals(part.Literal, StringComparison.OrdinalIgnoreCase))
                {
                    return null;
                }
            }
            else
            {
                if (trailing && i == _parts.Length - 1)
                {
                    end = path.Length;
                }

                var text = path.AsSpan(at, end - at);
                if (!text.StartsWith(part.Literal, StringComparison.OrdinalIgnoreCase)
                    || text.Length == part.Literal.Length
                    || part.Pattern?.IsMatch(text[part.Literal.Length..]) == false)
                {
                    return null;
                }

                values[variable++] = (at + part.Literal.Length)..end;
            }

            at = Math.Min(end + 1, path.Length);
        }

        return _fixed ?? new RouteMatch(this, path, values, path[at..]);
    }
}
