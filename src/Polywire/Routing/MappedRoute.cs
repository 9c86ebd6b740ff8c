namespace Polywire.Routing;

/// <summary>A route that was given to an action by hand.</summary>
internal sealed class MappedRoute(RouteMethods methods, string path) : ActionRouteAttribute(methods, path);
