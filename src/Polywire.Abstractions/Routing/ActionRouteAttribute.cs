namespace Polywire;

/// <summary>Gives an action a path on the web, below the prefix of actions. The route runs this class's version unless the client asks for another.</summary>
/// <remarks>Derived attributes name the method. Source: docs/protocol/http-routing.md, "Routes".</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class ActionRouteAttribute : Attribute
{
    /// <summary>Makes one for methods and a path.</summary>
    /// <param name="methods">The methods that the route answers.</param>
    /// <param name="path">The path, below the prefix of actions, as <see cref="Path"/> tells it.</param>
    protected ActionRouteAttribute(RouteMethods methods, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        (Methods, Path) = (methods, path);
    }

    /// <summary>The methods.</summary>
    public RouteMethods Methods { get; }

    /// <summary>Segments with variables: <c>/users/{id}</c>, <c>/users/:id</c>, <c>/users/:id(^\d+$)</c>, <c>/files/{*path}</c>.</summary>
    public string Path { get; }

    /// <summary>Whether the last part takes all that follows; <see langword="false"/> by default, and always so for <c>{*path}</c>.</summary>
    public bool MatchTrailingPathParts { get; set; }
}
