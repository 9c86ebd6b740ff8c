namespace Polywire.Generators.Models;

/// <summary>A JSON context of the project.</summary>
/// <param name="Type">Fully qualified; null where generated code cannot name it, or it has no <c>Default</c>.</param>
/// <param name="Types">The types it has metadata for.</param>
internal sealed record JsonContextModel(string? Type, EquatableArray<string> Types);
