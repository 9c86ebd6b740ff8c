namespace Polywire;

/// <summary>The route by which a web request found its action.</summary>
public sealed record MatchedRoute
{
    /// <summary>The path as it was declared, <c>/users/:id</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The action's name; <see langword="null"/> for a folder.</summary>
    public string? Action { get; init; }

    /// <summary>The version that the route asks for; <see langword="null"/> for none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Whether the last part takes all that follows; <see langword="false"/> by default.</summary>
    public bool MatchTrailingPathParts { get; init; }

    /// <summary>The folder that the route serves; <see langword="null"/> for an action.</summary>
    public string? Dir { get; init; }
}
