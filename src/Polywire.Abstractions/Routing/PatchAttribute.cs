namespace Polywire;

/// <summary>Answers <c>PATCH</c> on a path.</summary>
/// <param name="path">The path, below the prefix of actions.</param>
/// <inheritdoc cref="ActionRouteAttribute" path="/remarks"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PatchAttribute(string path) : ActionRouteAttribute(RouteMethods.Patch, path);
