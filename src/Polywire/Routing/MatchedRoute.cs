namespace Polywire;

/// <summary>The route by which a web request found its action.</summary>
/// <param name="Path">As it was declared, <c>/users/:id</c>.</param>
/// <param name="Action">The action's name; <see langword="null"/> for a folder.</param>
/// <param name="ApiVersion">The version that the route asks for; <see langword="null"/> for none.</param>
/// <param name="MatchTrailingPathParts">Whether the last part takes all that follows.</param>
/// <param name="Dir">The folder that the route serves; <see langword="null"/> for an action.</param>
public sealed record MatchedRoute(string Path, string? Action, string? ApiVersion, bool MatchTrailingPathParts, string? Dir);
