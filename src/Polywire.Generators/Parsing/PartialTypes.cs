using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>Types that generated code adds to.</summary>
internal static class PartialTypes
{
    private static readonly SymbolDisplayFormat SpaceFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    /// <summary>Whether a type of this project is partial.</summary>
    public static bool Is(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>The innermost type that would have to be partial and is not: the type itself, or one that it is nested in; null for none.</summary>
    public static INamedTypeSymbol? FirstThatIsNot(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (!Is(current, cancellationToken))
            {
                return current;
            }
        }

        return null;
    }

    /// <summary>The word that declares a type: <c>record struct</c>.</summary>
    public static string Keyword(INamedTypeSymbol type) =>
        (type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct",
            (true, _) => "record",
            (_, TypeKind.Struct) => "struct",
            (_, TypeKind.Interface) => "interface",
            _ => "class",
        };

    /// <summary>The declarations that lead to a type, outermost first.</summary>
    public static IEnumerable<string> Path(INamedTypeSymbol type) =>
        (type.ContainingType is { } outer ? Path(outer) : []).Append($"partial {Keyword(type)} {Literals.Identifier(type.Name)}");

    /// <summary>The namespace of a type as code; empty for none.</summary>
    public static string Namespace(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(SpaceFormat) : "";
}
