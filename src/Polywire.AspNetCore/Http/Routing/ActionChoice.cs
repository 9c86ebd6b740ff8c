using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Http.Params;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Which action a request names: one answer, for what middleware is shown and for what runs.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Routes".</remarks>
internal sealed class ActionChoice(ActionRegistry registry, HttpParamsReader parameters, IOptions<WebOptions> options)
{
    private readonly bool _queryRouting = options.Value.QueryRouting;
    private readonly bool _routeOverQuery = options.Value.RouteOverQuery;

    /// <summary>Makes the params say what runs.</summary>
    /// <param name="route">The route that matched; null for none.</param>
    /// <param name="received">What was sent; gets what the route says.</param>
    /// <returns>The route, or null where the param <c>action</c> won over it.</returns>
    public RouteMatch? Apply(RouteMatch? route, HttpParams received)
    {
        var set = received.Set;
        if (!_queryRouting)
        {
            received.DropAction();
        }
        else if (!_routeOverQuery && route is not null && set.TryFind("action"u8, out var name) && name.IsString && registry.Exists(name.GetText()))
        {
            return null;
        }

        if (route is not null)
        {
            RouteParams.Apply(route, set);
        }

        return route;
    }

    /// <summary>The action that path and query name; the body may yet name another.</summary>
    public ActionDescriptor? Find(RouteMatch? route, string query)
    {
        if (!MayName(query) && (route is null || !MayName(route)))
        {
            return route is null ? null : registry.Find(route.Route.Action!, route.Route.ApiVersion);
        }

        using var received = parameters.ReadQuery(query);
        Apply(route, received);
        return registry.Find(received.Set);
    }

    /// <summary>Whether a route that matched leaves nothing for the body to say.</summary>
    public bool IsSettledBy(RouteMatch? route) =>
        route is not null && (route.Route.Action is not { } action || (_routeOverQuery && !registry.HasVersions(action)));

    // Names may be percent-encoded.
    private static bool MayName(string text) =>
        text.Contains('%', StringComparison.Ordinal) || text.Contains("action", StringComparison.Ordinal) || text.Contains("apiVersion", StringComparison.Ordinal);

    private static bool MayName(RouteMatch route)
    {
        for (var i = 0; i < route.Variables; i++)
        {
            if (MayName(route.NameAt(i)))
            {
                return true;
            }
        }

        return false;
    }
}
