using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Polywire.Generators;

/// <summary>Names as they stand in code, in identifiers and on the wire.</summary>
internal static class Names
{
    private const int LongestIdentifier = 120;

    private static readonly string[] Prefixes = ["Ask_", "Bind_", "To_", "Set_", "Pattern_"];

    private static readonly SymbolDisplayFormat PlainFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

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
            : definition.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(PlainFormat) + "."
            : "";
        return prefix + definition.MetadataName;
    }

    /// <summary>A type as part of an identifier; different types have different ones.</summary>
    /// <remarks>
    /// Namespaces and names joined by underscores. Where a join could have come about in another way (underscores of a name's own, type
    /// arguments, namespaces that are left out), a hash of the whole name follows.
    /// </remarks>
    public static string Identifier(ITypeSymbol type)
    {
        var isPlain = true;
        var name = new StringBuilder();
        Join(type, name, ref isPlain);

        // Neither what generated code has names for nor a keyword.
        var readable = name.ToString();
        isPlain &= !Prefixes.Any(prefix => readable.StartsWith(prefix, StringComparison.Ordinal))
            && Literals.Identifier(readable) == readable;
        return isPlain && name.Length <= LongestIdentifier ? readable : Unique(readable, CodeWithoutNull(type));
    }

    /// <summary>A readable identifier made one of its own by a hash.</summary>
    /// <param name="readable">What it reads as; cut where it is long.</param>
    /// <param name="whole">What it must be told apart by.</param>
    public static string Unique(string readable, string whole)
    {
        const ulong basis = 14695981039346656037;
        const ulong prime = 1099511628211;
        var hash = basis;
        foreach (var c in whole)
        {
            hash = unchecked((hash ^ c) * prime);
        }

        var cut = readable.Length <= LongestIdentifier ? readable
            : readable.Substring(0, char.IsHighSurrogate(readable[LongestIdentifier - 1]) ? LongestIdentifier - 1 : LongestIdentifier);
        return cut + "_" + hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static void Join(ITypeSymbol type, StringBuilder name, ref bool isPlain)
    {
        if (type is not INamedTypeSymbol named)
        {
            isPlain = false;
            if (type is IArrayTypeSymbol array)
            {
                name.Append("ArrayOf_");
                Join(array.ElementType, name, ref isPlain);
            }
            else
            {
                name.Append(type.Name);
            }

            return;
        }

        if (named.ContainingType is { } outer)
        {
            Join(outer, name, ref isPlain);
            name.Append('_');
        }
        else if (named.ContainingNamespace is { IsGlobalNamespace: false } space)
        {
            var path = space.ToDisplayString(PlainFormat);
            isPlain &= path.IndexOf('_') < 0;
            if ((path + ".").StartsWith("System.", StringComparison.Ordinal))
            {
                isPlain = false;
            }
            else
            {
                name.Append(path.Replace('.', '_')).Append('_');
            }
        }

        isPlain &= named.Name.IndexOf('_') < 0 && named.TypeArguments.Length == 0;
        name.Append(named.Name);
        foreach (var argument in named.TypeArguments)
        {
            name.Append("_of_");
            Join(argument, name, ref isPlain);
        }
    }

    /// <summary>An assembly's name as an identifier.</summary>
    public static string Assembly(string? name)
    {
        var result = new StringBuilder();
        foreach (var c in name is null or "" ? "Assembly" : name)
        {
            result.Append(char.IsLetterOrDigit(c) ? c : '_');
        }

        // These begin members of the classes that are called after the assembly.
        var text = result.ToString();
        return text is "Ask" or "Bind" or "To" or "Set" or "Pattern" ? text + "_" : char.IsDigit(text[0]) ? "_" + text : text;
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
}
