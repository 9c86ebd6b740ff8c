namespace Polywire;

/// <summary>Answers <c>GET</c> on a path.</summary>
/// <param name="path">The path, below the prefix of actions.</param>
/// <inheritdoc cref="ActionRouteAttribute" path="/remarks"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GetAttribute(string path) : ActionRouteAttribute(RouteMethods.Get, path);
