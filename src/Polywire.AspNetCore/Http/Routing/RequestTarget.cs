namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The target of a request as it was sent, cut into mode, path and query; nothing is decoded.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Paths".</remarks>
internal sealed class RequestTarget
{
    private readonly string _target;

    private RequestTarget(string target) => _target = target;

    /// <summary>What the path stands for.</summary>
    public TargetMode Mode { get; private init; }

    /// <summary>Whether one of the two prefixes was there (and is cut off <see cref="Rest"/>).</summary>
    public bool IsPrefixed { get; private init; }

    /// <summary>The path without the prefix, without slashes in front and without one at the end.</summary>
    public string Rest { get; private init; } = string.Empty;

    /// <summary>The number of segments of <see cref="Rest"/>; empty ones count.</summary>
    public int RestParts { get; private init; }

    /// <summary>The query without its question mark; empty where there is none.</summary>
    public string Query { get; private init; } = string.Empty;

    /// <summary>What follows the last dot of the whole path; null where there is none.</summary>
    public string? Extension { get; private init; }

    /// <summary>Path and query for a redirect: one slash in front, as it was sent.</summary>
    public string Location
    {
        get
        {
            var path = Cut(_target, pathBase: default, out var query, out var hasQuery).TrimStart('/');
            return hasQuery ? string.Concat("/", path, "?", query) : string.Concat("/", path);
        }
    }

    /// <summary>Reads a target.</summary>
    /// <param name="target">As it stands in the request line: a path, an absolute URL, or <c>*</c>.</param>
    /// <param name="pathBase">What the application's own middleware has taken off the path; empty for nothing.</param>
    /// <param name="prefixes">What the first segments may mean.</param>
    public static RequestTarget Parse(string target, string? pathBase, TargetPrefixes prefixes)
    {
        var path = Cut(target, pathBase, out var query, out _);
        var dot = path.LastIndexOf('.');
        var trimmed = path.TrimStart('/');
        var rest = trimmed.EndsWith('/') ? trimmed[..^1] : trimmed;
        var (mode, parts) = prefixes.Classify(rest, trimmed.Length > 0 ? rest.Count('/') + 1 : 0, out var skipped);
        return new RequestTarget(target)
        {
            Mode = mode == TargetMode.Action && HasDotSegment(path) ? TargetMode.Nowhere : mode,
            IsPrefixed = skipped >= 0,
            Rest = rest[Math.Min(Math.Max(skipped, 0), rest.Length)..].ToString(),
            RestParts = parts,
            Query = query.ToString(),
            Extension = dot < 0 ? null : path[(dot + 1)..].ToString(),
        };
    }

    // Whether a segment is . or .., also where its dots or the slashes around it are percent-encoded.
    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        if (!path.Contains('.') && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var (dots, others) = (0, 0);
        for (var i = 0; i < path.Length; i++)
        {
            var character = path[i];
            if (character == '%' && i + 2 < path.Length)
            {
                character = (path[i + 1], path[i + 2] | 0x20) switch
                {
                    ('2', 'e') => '.',
                    ('2', 'f') or ('5', 'c') => '/',
                    _ => '%',
                };
                i += character == '%' ? 0 : 2;
            }

            if (character == '/')
            {
                if (others == 0 && dots is 1 or 2)
                {
                    return true;
                }

                (dots, others) = (0, 0);
            }
            else if (character == '.')
            {
                dots++;
            }
            else
            {
                others++;
            }
        }

        return others == 0 && dots is 1 or 2;
    }

    // The path and the query, with nothing but slashes in the path and without what ends a target.
    private static ReadOnlySpan<char> Cut(string target, ReadOnlySpan<char> pathBase, out ReadOnlySpan<char> query, out bool hasQuery)
    {
        var whole = OriginForm(target.AsSpan());
        if (whole.IndexOf('#') is var hash and >= 0)
        {
            whole = whole[..hash];
        }

        var question = whole.IndexOf('?');
        hasQuery = question >= 0;
        query = hasQuery ? whole[(question + 1)..] : default;
        var path = hasQuery ? whole[..question] : whole;
        if (path.Contains('\\'))
        {
            path = path.ToString().Replace('\\', '/');
        }

        return pathBase.Length > 0 && path.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase) ? path[pathBase.Length..] : path;
    }

    // http://host/path?query: only path and query count; the host is that of the Host header.
    private static ReadOnlySpan<char> OriginForm(ReadOnlySpan<char> target)
    {
        if (target.Length == 0 || target[0] is '/' or '\\')
        {
            return target;
        }

        var scheme = target.IndexOf("://");
        if (scheme < 0)
        {
            return target is "*" ? default : target;
        }

        var authority = target[(scheme + 3)..];
        var end = authority.IndexOfAny('/', '?', '\\');
        return end < 0 ? "/" : authority[end..];
    }
}
