using System.Text;
using Microsoft.CodeAnalysis;

namespace Polywire.Generators;

/// <summary>Names as they stand in code, in identifiers and on the wire.</summary>
internal static class Names
{
    private static readonly SymbolDisplayFormat CodeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A type as code, nullability included.</summary>
    public static string Code(ITypeSymbol type) => type.ToDisplayString(CodeFormat);

    /// <summary>A type as code, without the question mark of a reference.</summary>
    public static string CodeWithoutNull(ITypeSymbol type) => Code(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));

    /// <summary>A type as a person reads it.</summary>
    public static string Short(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    /// <summary>Namespace, containing types and name with arity: <c>System.Collections.Generic.List`1</c>.</summary>
    public static string Full(ITypeSymbol type)
    {
        var definition = type.OriginalDefinition;
        var prefix = definition.ContainingType is { } outer ? Full(outer) + "+"
            : definition.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "."
            : "";
        return prefix + definition.MetadataName;
    }

    /// <summary>A type as part of an identifier; different types have different ones.</summary>
    public static string Identifier(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
        {
            return type is IArrayTypeSymbol array ? "ArrayOf_" + Identifier(array.ElementType) : Escape(type.Name);
        }

        var name = new StringBuilder();
        if (named.ContainingType is { } outer)
        {
            name.Append(Identifier(outer)).Append('_');
        }
        else if (named.ContainingNamespace is { IsGlobalNamespace: false } space
            && !(space.ToDisplayString() + ".").StartsWith("System.", StringComparison.Ordinal))
        {
            name.Append(string.Join("_", space.ToDisplayString().Split('.').Select(Escape))).Append('_');
        }

        name.Append(Escape(named.Name));
        foreach (var argument in named.TypeArguments)
        {
            name.Append("_of_").Append(Identifier(argument));
            if (argument is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated })
            {
                name.Append("_orNull");
            }
        }

        return name.ToString();
    }

    /// <summary>An assembly's name as an identifier.</summary>
    public static string Assembly(string? name)
    {
        var result = new StringBuilder();
        foreach (var c in name is null or "" ? "Assembly" : name)
        {
            result.Append(char.IsLetterOrDigit(c) ? c : '_');
        }

        return char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }

    /// <summary>The wire name of a property, as <c>JsonNamingPolicy.CamelCase</c> makes it.</summary>
    public static string CamelCase(string name)
    {
        if (name.Length == 0 || !char.IsUpper(name[0]))
        {
            return name;
        }

        var chars = name.ToCharArray();
        for (var i = 0; i < chars.Length; i++)
        {
            if (i == 1 && !char.IsUpper(chars[i]))
            {
                break;
            }

            // Of a run of capitals the last begins the next word: HTMLName is htmlName.
            if (i > 0 && i + 1 < chars.Length && !char.IsUpper(chars[i + 1]))
            {
                break;
            }

            chars[i] = char.ToLowerInvariant(chars[i]);
        }

        return new string(chars);
    }

    // An underscore of a name's own must not look like a separator.
    private static string Escape(string name) => name.Replace("_", "__");
}
