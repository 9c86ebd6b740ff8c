using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Models;

/// <summary>A diagnostic as data.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Rule, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic(Compilation compilation) =>
        Diagnostic.Create(Rule, Location?.ToLocation(compilation) ?? Microsoft.CodeAnalysis.Location.None, Arguments.ToArray<object>());
}
