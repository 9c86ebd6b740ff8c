using System.Text.RegularExpressions;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>One segment of a route.</summary>
/// <param name="Literal">The whole segment, or what stands before the variable; may be empty there.</param>
/// <param name="Variable">The variable's name; null for a literal segment.</param>
/// <param name="Pattern">What the variable's text must contain; null for anything.</param>
internal sealed record RoutePart(string Literal, string? Variable = null, Regex? Pattern = null);
