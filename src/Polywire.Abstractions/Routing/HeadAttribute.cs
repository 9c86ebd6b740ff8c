namespace Polywire;

/// <summary>Answers <c>HEAD</c> on a path.</summary>
/// <param name="path">The path, below the prefix of actions.</param>
/// <inheritdoc cref="ActionRouteAttribute" path="/remarks"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HeadAttribute(string path) : ActionRouteAttribute(RouteMethods.Head, path);
