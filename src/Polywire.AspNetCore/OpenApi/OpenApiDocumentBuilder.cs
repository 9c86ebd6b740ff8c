using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Http.Routing;
using Polywire.Json;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>Makes the OpenAPI 3.1 document of all documented actions that the web may run.</summary>
/// <remarks>
/// One operation for each method of a route; where every method is answered alike, <c>GET</c> and <c>POST</c> stand for all. Versions of an
/// action on one path are one operation with a parameter that chooses.
/// </remarks>
internal sealed class OpenApiDocumentBuilder(
    ActionRegistry registry,
    WebRouter router,
    PolywireJson json,
    IHostEnvironment environment,
    IOptions<PolywireOptions> polywire,
    IOptions<WebOptions> web)
{
    private static readonly string[] Alike = ["get", "post"];

    public JsonObject Build()
    {
        var answers = new OpenApiAnswers(web.Value, environment.IsProduction());
        var operations = new OpenApiOperation(new OpenApiSchemas(json), answers);
        var paths = new JsonObject();
        var shapes = new Dictionary<string, OpenApiPath>(StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var versions in registry.All
            .Where(action => action.Documented && action.Allows(Transports.Web))
            .GroupBy(action => action.Name))
        {
            // The latest first: it runs where none is asked for.
            var all = versions.Reverse().ToList();
            foreach (var (methods, route, own) in RoutesOf(versions.Key, all))
            {
                var path = shapes.TryGetValue(own.Shape, out var former) ? former : shapes[own.Shape] = own;
                var item = paths[path.Template] as JsonObject ?? [];
                paths[path.Template] ??= item;
                var reached = route.ApiVersion is null ? all : [.. all.Where(action => action.Version.ToString() == route.ApiVersion)];
                foreach (var method in methods.Where(method => reached.Count > 0 && !item.ContainsKey(method)))
                {
                    item[method] = operations.Create(
                        Identify(ids, method, reached[0], route), method, own, [.. path.Variables.Select(variable => variable.Name)], reached);
                }
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = polywire.Value.ServerName, ["version"] = polywire.Value.ApiVersion },
            ["paths"] = paths,
            ["components"] = answers.Components,
        };
    }

    // The routes that were declared; the name alone where they do not lead to every version.
    private IEnumerable<(IReadOnlyList<string> Methods, MatchedRoute Route, OpenApiPath Path)> RoutesOf(
        string action, IReadOnlyList<ActionDescriptor> versions)
    {
        var left = versions.Select(version => version.Version.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var (methods, route) in router.RoutesOf(action))
        {
            if (route.Path == $"/{action}" && methods == RouteMethods.All)
            {
                if (left.Count > 0)
                {
                    yield return (Alike, route, OpenApiPath.OfName(router.Prefixes.Actions, action));
                }

                continue;
            }

            left.RemoveWhere(version => route.ApiVersion is null || route.ApiVersion == version);
            yield return (Methods(methods), route, OpenApiPath.Of(router.Prefixes.Actions, route.Path, route.MatchTrailingPathParts));
        }
    }

    private static string[] Methods(RouteMethods methods) => methods == RouteMethods.All
        ? Alike
        :
        [
            .. new[]
            {
                (RouteMethods.Get, "get"), (RouteMethods.Post, "post"), (RouteMethods.Put, "put"),
                (RouteMethods.Patch, "patch"), (RouteMethods.Delete, "delete"), (RouteMethods.Head, "head"),
            }.Where(pair => (methods & pair.Item1) != 0).Select(pair => pair.Item2),
        ];

    // The name where it is free; what tells one way of calling it from the others else.
    private static string Identify(HashSet<string> ids, string method, ActionDescriptor action, MatchedRoute route)
    {
        var name = AsIdentifier(action.Name);
        string[] candidates =
        [
            name, $"{name}_{method}", AsIdentifier($"{name}_v{action.Version}_{method}"), AsIdentifier($"{name}_{method}_{route.Path}"),
        ];
        foreach (var candidate in candidates)
        {
            if (ids.Add(candidate))
            {
                return candidate;
            }
        }

        for (var number = 2; ; number++)
        {
            var candidate = $"{candidates[1]}_{number}";
            if (ids.Add(candidate))
            {
                return candidate;
            }
        }
    }

    // What generators of clients can call a method.
    private static string AsIdentifier(string text) =>
        string.Join('_', text.Split([.. text.Where(static character => !char.IsAsciiLetterOrDigit(character))], StringSplitOptions.RemoveEmptyEntries))
            is { Length: > 0 } name ? name : "action";
}
