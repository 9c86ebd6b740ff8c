using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>Attributes as expressions that make them again.</summary>
internal static class AttributeText
{
    /// <summary>The attributes of a class and those it inherits, as <c>GetCustomAttributes(inherit: true)</c> gives them.</summary>
    public static IEnumerable<AttributeData> Of(INamedTypeSymbol type)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            var mine = new List<string>();
            foreach (var attribute in current.GetAttributes())
            {
                if (attribute.AttributeClass is not { } kind || kind.TypeKind == TypeKind.Error || IsOfTheCompiler(kind))
                {
                    continue;
                }

                var (inherited, multiple) = Usage(kind);
                var name = Names.Code(kind);
                if (SymbolEqualityComparer.Default.Equals(current, type) || (inherited && (multiple || !seen.Contains(name))))
                {
                    mine.Add(name);
                    yield return attribute;
                }
            }

            seen.UnionWith(mine);
        }
    }

    /// <summary>An expression for an attribute; null if generated code cannot write it.</summary>
    public static string? Creation(AttributeData attribute, Compilation compilation)
    {
        if (attribute.AttributeClass is not { } kind
            || attribute.AttributeConstructor is not { } constructor
            || !Visibility.IsVisible(kind, compilation)
            || !compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly))
        {
            return null;
        }

        var arguments = attribute.ConstructorArguments.Select(argument => Value(argument, compilation)).ToList();
        var named = attribute.NamedArguments
            .Select(pair => (pair.Key, Value: Value(pair.Value, compilation)))
            .ToList();
        if (arguments.Contains(null) || named.Exists(pair => pair.Value is null))
        {
            return null;
        }

        var creation = $"new {Names.Code(kind)}({string.Join(", ", arguments)})";
        return named.Count == 0
            ? creation
            : $"{creation} {{ {string.Join(", ", named.Select(pair => $"{Literals.Identifier(pair.Key)} = {pair.Value}"))} }}";
    }

    /// <summary>An expression for a constant; null if generated code cannot write it.</summary>
    public static string? Value(TypedConstant constant, Compilation compilation)
    {
        switch (constant.Kind)
        {
            case TypedConstantKind.Array when constant.IsNull:
                return "null";
            case TypedConstantKind.Array:
                var elements = constant.Values.Select(value => Value(value, compilation)).ToList();
                return elements.Contains(null) || constant.Type is not { } type
                    ? null
                    : $"new {Names.Code(type)} {{ {string.Join(", ", elements)} }}";
            case TypedConstantKind.Type:
                return constant.Value is ITypeSymbol target
                    ? Visibility.IsVisible(target, compilation) && !IsUnsafe(target) ? $"typeof({TypeOf(target)})" : null
                    : "null";
            case TypedConstantKind.Enum:
                return constant.Type is { } kind && Visibility.IsVisible(kind, compilation) ? Literals.Of(kind, constant.Value) : null;
            case TypedConstantKind.Primitive:
                var literal = Literals.Plain(constant.Value);
                return constant.Value is byte or sbyte or short or ushort ? $"({Names.Code(constant.Type!)})({literal})" : literal;
            default:
                return null;
        }
    }

    // These can be named in unsafe code alone.
    private static bool IsUnsafe(ITypeSymbol type) =>
        type is IPointerTypeSymbol or IFunctionPointerTypeSymbol || (type is IArrayTypeSymbol array && IsUnsafe(array.ElementType));

    private static string TypeOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsUnboundGenericType: true } named
            ? named.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
            : Names.CodeWithoutNull(type);

    private static bool IsOfTheCompiler(INamedTypeSymbol kind) =>
        kind.ContainingNamespace?.ToDisplayString() is "System.Runtime.CompilerServices"
        || kind.GetAttributes().Any(attribute =>
            attribute.AttributeClass is { } own && Names.Full(own) == "System.Diagnostics.ConditionalAttribute");

    private static (bool Inherited, bool Multiple) Usage(INamedTypeSymbol kind)
    {
        for (INamedTypeSymbol? current = kind; current is not null; current = current.BaseType)
        {
            foreach (var attribute in current.GetAttributes())
            {
                if (attribute.AttributeClass is { } own && Names.Full(own) == "System.AttributeUsageAttribute")
                {
                    return (Flag(attribute, "Inherited", true), Flag(attribute, "AllowMultiple", false));
                }
            }
        }

        return (true, false);
    }

    private static bool Flag(AttributeData attribute, string name, bool otherwise) =>
        attribute.NamedArguments.FirstOrDefault(pair => pair.Key == name).Value.Value as bool? ?? otherwise;
}
