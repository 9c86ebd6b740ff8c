using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Diagnostics;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The table of routes: those in one place, those of the actions, their names, and what is added while the host runs.</summary>
internal sealed partial class WebRouter
{
    private readonly ActionRegistry _registry;
    private readonly WebRoutes _routes;
    private readonly WebOptions _options;
    private readonly ILogger<WebRouter> _logger;
    private readonly Action<WebRoute> _timedOut;
    private readonly Lock _gate = new();
    private List<(RouteMethods, WebRoute)>? _all;
    private volatile RouteTable? _table;

    public WebRouter(ActionRegistry registry, WebRoutes routes, IOptions<WebOptions> options, ILogger<WebRouter> logger)
    {
        (_registry, _routes, _options, _logger) = (registry, routes, options.Value, logger);
        _timedOut = route => Log.PatternTimedOut(_logger, route.Description.Path, _options.RouteTimeout);
        Prefixes = new TargetPrefixes(_options);
    }

    public TargetPrefixes Prefixes { get; }

    /// <summary>Finds the route of a request; null if none matches.</summary>
    public RouteMatch? Match(string method, string path, int parts) => Table.Match(method, path, parts, _timedOut);

    /// <summary>The routes by which an action is reached, in their order.</summary>
    public IEnumerable<(RouteMethods Methods, MatchedRoute Route)> RoutesOf(string action)
    {
        _ = Table;
        lock (_gate)
        {
            return [.. _all!.Where(pair => pair.Item2.Description.Action == action).Select(pair => (pair.Item1, pair.Item2.Description))];
        }
    }

    public RouteTable Table => _table ?? Build();

    /// <summary>Makes the table; later calls give the one that is in force.</summary>
    /// <exception cref="InvalidOperationException">A route cannot be understood; the message names it.</exception>
    public RouteTable Build()
    {
        lock (_gate)
        {
            if (_table is { } table)
            {
                return table;
            }

            _all = [];
            foreach (var (methods, route) in _routes.Start(AddLate))
            {
                _all.Add((methods, WebRoute.Parse(route, _options.RouteTimeout)));
                if (route.Action is { } name && !_registry.All.Any(action => action.Name == name))
                {
                    Log.NoSuchAction(_logger, route.Path, name);
                }
            }

            _all.AddRange(OfActions());
            if (AutomaticMethods.Of(_options) is var automatic and not RouteMethods.None)
            {
                _all.AddRange(_registry.All.Select(action => action.Name).Distinct().Select(name => (automatic, WebRoute.Simple(name))));
            }

            return _table = new RouteTable(_all);
        }
    }

    private IEnumerable<(RouteMethods, WebRoute)> OfActions()
    {
        foreach (var action in _registry.All)
        {
            foreach (var declared in action.Metadata.OfType<ActionRouteAttribute>())
            {
                // The latest version runs without being asked for, also where a route does not say so.
                var isLatest = _registry.All.Last(other => other.Name == action.Name) == action;
                var route = new MatchedRoute
                {
                    Path = declared.Path,
                    Action = action.Name,
                    ApiVersion = isLatest ? null : action.Version.ToString(),
                    MatchTrailingPathParts = declared.MatchTrailingPathParts,
                };
                yield return (declared.Methods, WebRoute.Parse(route, _options.RouteTimeout));
            }
        }
    }

    private void AddLate(RouteMethods methods, MatchedRoute route)
    {
        var parsed = WebRoute.Parse(route, _options.RouteTimeout);
        lock (_gate)
        {
            _all!.Add((methods, parsed));
            _table = new RouteTable(_all);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.RoutePatternTimedOut, LogLevel.Warning, "The pattern of route {Path} took longer than RouteTimeout ({Timeout}), so it did not match")]
        public static partial void PatternTimedOut(ILogger logger, string path, TimeSpan timeout);

        [LoggerMessage(ServerEventIds.RouteWithoutAction, LogLevel.Warning, "Route {Path} leads to action {Action}, which does not exist")]
        public static partial void NoSuchAction(ILogger logger, string path, string action);
    }
}
