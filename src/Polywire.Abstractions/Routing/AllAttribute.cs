namespace Polywire;

/// <summary>Answers <c>HEAD</c>, <c>GET</c>, <c>POST</c>, <c>PUT</c>, <c>PATCH</c> and <c>DELETE</c> on a path.</summary>
/// <param name="path">The path, below the prefix of actions.</param>
/// <inheritdoc cref="ActionRouteAttribute" path="/remarks"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AllAttribute(string path) : ActionRouteAttribute(RouteMethods.All, path);
