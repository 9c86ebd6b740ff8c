namespace Polywire.Generators.Models;

/// <summary>A middleware of one action.</summary>
/// <param name="Type">Fully qualified.</param>
/// <param name="IsMade">Whether it is a class that the services can make.</param>
/// <param name="Kind">Where it runs.</param>
internal sealed record MiddlewareModel(string Type, bool IsMade, MiddlewareKind Kind);
