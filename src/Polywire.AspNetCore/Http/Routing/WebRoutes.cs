namespace Polywire;

/// <summary>The routes of the application in one place, first match first. Those of <see cref="ActionRouteAttribute"/> follow, then the actions' names.</summary>
/// <remarks>
/// Paths are below the prefix of actions. What is added while the host runs follows everything else. Safe to use concurrently.
/// Source: docs/protocol/http-routing.md, "Routes".
/// </remarks>
public sealed class WebRoutes
{
    private readonly Lock _gate = new();
    private readonly List<(RouteMethods Methods, MatchedRoute Route)> _routes = [];
    private Action<RouteMethods, MatchedRoute>? _added;

    internal WebRoutes()
    {
    }

    /// <inheritdoc cref="Add"/>
    public WebRoutes Get(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Get, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes Post(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Post, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes Put(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Put, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes Patch(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Patch, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes Delete(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Delete, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes Head(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.Head, path, action, apiVersion, matchTrailingPathParts);

    /// <inheritdoc cref="Add"/>
    public WebRoutes All(string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false) =>
        Add(RouteMethods.All, path, action, apiVersion, matchTrailingPathParts);

    /// <summary>Adds a route to an action.</summary>
    /// <param name="methods">The methods it answers.</param>
    /// <param name="path">Segments with variables: <c>/users/{id}</c>, <c>/users/:id</c>, <c>/users/:id(^\d+$)</c>, <c>/files/{*path}</c>.</param>
    /// <param name="action">The action's name.</param>
    /// <param name="apiVersion">The version that runs where the client asks for none; <see langword="null"/> for the latest.</param>
    /// <param name="matchTrailingPathParts">Whether the last part takes all that follows.</param>
    /// <exception cref="InvalidOperationException">The host runs and the path cannot be understood; before, the start fails.</exception>
    public WebRoutes Add(RouteMethods methods, string path, string action, string? apiVersion = null, bool matchTrailingPathParts = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(action);
        return Append(methods, new MatchedRoute { Path = path, Action = action, ApiVersion = apiVersion, MatchTrailingPathParts = matchTrailingPathParts });
    }

    /// <summary>Serves a folder under a path, in every mode; it may lie outside the public folders.</summary>
    /// <param name="methods">The methods it answers.</param>
    /// <param name="path">The path.</param>
    /// <param name="folder">Relative ones are below the content root.</param>
    /// <param name="matchTrailingPathParts">Whether all its files are served (default), or its index alone.</param>
    /// <inheritdoc cref="Add" path="/exception"/>
    public WebRoutes Folder(RouteMethods methods, string path, string folder, bool matchTrailingPathParts = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Append(methods, new MatchedRoute { Path = path, MatchTrailingPathParts = matchTrailingPathParts, Dir = folder });
    }

    /// <summary>Gives what was added so far and tells of what comes from here on.</summary>
    internal IReadOnlyList<(RouteMethods Methods, MatchedRoute Route)> Start(Action<RouteMethods, MatchedRoute> added)
    {
        lock (_gate)
        {
            _added = added;
            return [.. _routes];
        }
    }

    private WebRoutes Append(RouteMethods methods, MatchedRoute route)
    {
        lock (_gate)
        {
            if (_added is { } added)
            {
                added(methods, route);
            }
            else
            {
                _routes.Add((methods, route));
            }
        }

        return this;
    }
}
