using System.Text.RegularExpressions;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The routes of each method, first match first. Immutable.</summary>
internal sealed class RouteTable
{
    private static readonly RouteMethods[] Methods =
        [RouteMethods.Head, RouteMethods.Get, RouteMethods.Post, RouteMethods.Put, RouteMethods.Patch, RouteMethods.Delete];

    private readonly RouteList[] _lists;

    public RouteTable(IReadOnlyList<(RouteMethods Methods, WebRoute Route)> routes)
    {
        _lists = [.. Methods.Select(method => new RouteList([.. routes.Where(pair => pair.Methods.HasFlag(method)).Select(pair => pair.Route)]))];
    }

    /// <summary>Finds the first route that matches; null if none does or the method has no routes.</summary>
    /// <param name="method">The request's method, upper case.</param>
    /// <param name="path">Undecoded, without slashes in front and without one at the end.</param>
    /// <param name="parts">The number of its segments.</param>
    /// <param name="timedOut">Called for a route whose pattern took too long, and which therefore does not match.</param>
    public RouteMatch? Match(string method, string path, int parts, Action<WebRoute> timedOut)
    {
        var index = IndexOf(method);
        if (index < 0)
        {
            return null;
        }

        // HEAD looks among its own routes and then among those of GET (index 1).
        return _lists[index].Match(path, parts, timedOut) ?? (index == 0 ? _lists[1].Match(path, parts, timedOut) : null);
    }

    private static int IndexOf(string method) =>
        method switch
        {
            "HEAD" => 0,
            "GET" => 1,
            "POST" => 2,
            "PUT" => 3,
            "PATCH" => 4,
            "DELETE" => 5,
            _ => -1,
        };

    /// <summary>The routes of one method, found by their first segment without losing their order.</summary>
    private sealed class RouteList
    {
        private readonly Dictionary<string, WebRoute[]>.AlternateLookup<ReadOnlySpan<char>> _byFirst;
        private readonly WebRoute[] _others;
        private readonly WebRoute[] _roots;

        public RouteList(WebRoute[] routes)
        {
            var byFirst = new Dictionary<string, WebRoute[]>(StringComparer.OrdinalIgnoreCase);
            foreach (var first in routes.Select(route => route.FirstLiteral).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            {
                byFirst.Add(first, [.. routes.Where(route => (route.FirstLiteral ?? first).Equals(first, StringComparison.OrdinalIgnoreCase))]);
            }

            _byFirst = byFirst.GetAlternateLookup<ReadOnlySpan<char>>();
            _others = [.. routes.Where(route => route.FirstLiteral is null)];
            _roots = [.. routes.Where(route => route.IsRoot)];
        }

        public RouteMatch? Match(string path, int parts, Action<WebRoute> timedOut)
        {
            foreach (var route in CandidatesOf(path, parts))
            {
                try
                {
                    if (route.Match(path, parts) is { } match)
                    {
                        return match;
                    }
                }
                catch (RegexMatchTimeoutException)
                {
                    timedOut(route);
                }
            }

            return null;
        }

        private WebRoute[] CandidatesOf(string path, int parts)
        {
            if (parts == 0)
            {
                return _roots;
            }

            var slash = path.AsSpan().IndexOf('/');
            return _byFirst.TryGetValue(slash < 0 ? path : path.AsSpan(0, slash), out var routes) ? routes : _others;
        }
    }
}
