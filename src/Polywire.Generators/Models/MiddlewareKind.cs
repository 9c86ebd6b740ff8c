namespace Polywire.Generators.Models;

/// <summary>Where a middleware runs.</summary>
internal enum MiddlewareKind
{
    /// <summary>Around the action.</summary>
    Around,

    /// <summary>Before it.</summary>
    Before,

    /// <summary>After it, where it succeeded.</summary>
    After,
}
