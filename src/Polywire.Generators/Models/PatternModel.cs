namespace Polywire.Generators.Models;

/// <summary>A regular expression; kept in a field, so that it is read once.</summary>
/// <param name="Name">The field.</param>
/// <param name="Creation">An expression that makes it.</param>
internal sealed record PatternModel(string Name, string Creation);
