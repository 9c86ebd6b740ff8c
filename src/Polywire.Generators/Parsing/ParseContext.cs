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

    /// <summary>Whether anything that generated code names is experimental.</summary>
    public bool IsExperimental { get; private set; }

    /// <summary>Whether anything that generated code names is obsolete under an id of its own, or as an error.</summary>
    public bool IsObsolete { get; private set; }

    /// <summary>Notes how a symbol is marked that generated code will name.</summary>
    public void Mark(ISymbol? symbol)
    {
        switch (symbol)
        {
            case IArrayTypeSymbol array:
                Mark(array.ElementType);
                return;
            case INamedTypeSymbol { IsUnboundGenericType: false } named:
                foreach (var argument in named.TypeArguments)
                {
                    Mark(argument);
                }

                break;
        }

        for (var current = symbol?.OriginalDefinition; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            foreach (var attribute in current.GetAttributes())
            {
                switch (attribute.AttributeClass is { Name: "ExperimentalAttribute" or "ObsoleteAttribute" } kind ? Names.Full(kind) : null)
                {
                    case "System.Diagnostics.CodeAnalysis.ExperimentalAttribute":
                        IsExperimental = true;
                        break;
                    case "System.ObsoleteAttribute":
                        IsObsolete |= attribute.NamedArguments.Length > 0
                            || attribute.ConstructorArguments.Any(argument => argument.Value is true);
                        break;
                }
            }
        }

        IsExperimental |= symbol?.ContainingAssembly is { } assembly
            && !SymbolEqualityComparer.Default.Equals(assembly, Compilation.Assembly)
            && assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ExperimentalAttribute");
    }

    /// <summary>Notes how an attribute is marked that generated code will make again.</summary>
    public void Mark(AttributeData attribute)
    {
        Mark(attribute.AttributeClass);
        Mark(attribute.AttributeConstructor);
        foreach (var argument in attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(pair => pair.Value)))
        {
            Mark(argument);
        }
    }

    private void Mark(TypedConstant constant)
    {
        Mark(constant.Type);
        if (constant.Kind == TypedConstantKind.Array && !constant.IsNull)
        {
            foreach (var element in constant.Values)
            {
                Mark(element);
            }
        }
        else if (constant.Kind == TypedConstantKind.Type)
        {
            Mark(constant.Value as ITypeSymbol);
        }
        else if (constant is { Kind: TypedConstantKind.Enum, Type: INamedTypeSymbol type, Value: { } value })
        {
            Mark(type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value)));
        }
    }

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
