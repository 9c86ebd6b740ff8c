using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>What is gathered while one action is read.</summary>
internal sealed class ParseContext(Compilation compilation, Location? location, CancellationToken cancellationToken)
{
    private readonly List<DiagnosticInfo> _diagnostics = [];

    public Compilation Compilation { get; } = compilation;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public IReadOnlyList<DiagnosticInfo> Diagnostics => _diagnostics;

    public bool HasErrors => _diagnostics.Exists(diagnostic => diagnostic.Rule.DefaultSeverity == DiagnosticSeverity.Error);

    /// <summary>Records that were read, nested ones first.</summary>
    public List<RecordModel> Records { get; } = [];

    /// <summary>Records that were begun, those that were refused too.</summary>
    public HashSet<string> Begun { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ConverterModel> Converters { get; } = new(StringComparer.Ordinal);

    public List<PatternModel> Patterns { get; } = [];

    /// <summary>Notes a diagnostic at a symbol; at the action where the symbol has no source.</summary>
    public void Report(DiagnosticDescriptor rule, ISymbol? at, params string[] arguments) =>
        ReportAt(
            rule, at?.Locations.FirstOrDefault(place => place.SourceTree is { } tree && Compilation.ContainsSyntaxTree(tree)), arguments);

    /// <summary>Notes a diagnostic at an attribute; at the action where it has no source.</summary>
    public void Report(DiagnosticDescriptor rule, AttributeData at, params string[] arguments)
    {
        var reference = at.ApplicationSyntaxReference;
        var isHere = reference is not null && Compilation.ContainsSyntaxTree(reference.SyntaxTree);
        ReportAt(rule, isHere ? reference!.GetSyntax(CancellationToken).GetLocation() : null, arguments);
    }

    private void ReportAt(DiagnosticDescriptor rule, Location? place, string[] arguments) =>
        _diagnostics.Add(new DiagnosticInfo(rule, LocationInfo.From(place ?? location), new EquatableArray<string>(arguments)));
}
