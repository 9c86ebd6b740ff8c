using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>The types that the JSON contexts of a project have metadata for.</summary>
internal static class JsonCoverage
{
    private const int MostTypes = 2000;

    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat;

    /// <summary>
    /// The name under which a type is looked for; null for one of another assembly, whose context may be there too.
    /// </summary>
    public static string? Key(ITypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) && Names.Full(type) != "Polywire.ActionResult"
            ? Name(type)
            : null;

    /// <summary>The name under which a type is looked for.</summary>
    public static string Name(ITypeSymbol type) => type.ToDisplayString(Format);

    /// <summary>What one context covers: the types it names and those that are reached from them.</summary>
    public static JsonContextModel Parse(GeneratorAttributeSyntaxContext syntax, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<ITypeSymbol>(syntax.Attributes
            .Select(attribute => attribute.ConstructorArguments.FirstOrDefault())
            .Where(argument => argument.Kind == TypedConstantKind.Type)
            .Select(argument => argument.Value)
            .OfType<ITypeSymbol>());
        while (open.Count > 0 && found.Count < MostTypes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var type = open.Dequeue();
            if (!found.Add(type.ToDisplayString(Format)))
            {
                continue;
            }

            foreach (var next in Reached(type))
            {
                open.Enqueue(next);
            }
        }

        var types = new EquatableArray<string>(found.OrderBy(name => name, StringComparer.Ordinal));
        return new JsonContextModel(
            syntax.TargetSymbol is INamedTypeSymbol own && CanBeNamed(own, syntax.SemanticModel.Compilation, cancellationToken) ? Name(own) : null,
            types);
    }

    // The framework's generator gives it a Default, which this one does not see.
    private static bool CanBeNamed(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        type is { IsGenericType: false, IsAbstract: false, BaseType: { } kind }
        && Names.Full(kind) == "System.Text.Json.Serialization.JsonSerializerContext"
        && Visibility.IsVisible(type, compilation)
        && PartialTypes.Is(type, cancellationToken);

    private static IEnumerable<ITypeSymbol> Reached(ITypeSymbol type) =>
        type switch
        {
            IArrayTypeSymbol array => [array.ElementType],
            INamedTypeSymbol named when named.SpecialType == SpecialType.None =>
                named.TypeArguments.Concat(named.GetMembers().OfType<IPropertySymbol>()
                    .Where(property => property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public })
                    .Select(property => property.Type)),
            _ => [],
        };
}
