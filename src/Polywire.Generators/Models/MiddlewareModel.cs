namespace Polywire.Generators.Models;

/// <summary>A middleware of one action.</summary>
/// <param name="Type">Fully qualified.</param>
/// <param name="IsMade">Whether the container can make it, so that it is registered; an interface the application registers itself.</param>
internal sealed record MiddlewareModel(string Type, bool IsMade);
