using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>Reads defaults from initializers and parameters.</summary>
internal static class DefaultParser
{
    private static readonly DefaultValue Unseen = new(null, null, IsUnseen: true);

    /// <summary>The default of an input.</summary>
    /// <remarks>
    /// That of a parameter is an argument, and its code counts. A property has what the object that was made has: here is only said what is
    /// known of it, for the documentation and to tell whether there is any.
    /// </remarks>
    public static DefaultValue Parse(ParseContext context, IMethodSymbol constructor, MemberSource source, ITypeSymbol plain, BoundType bound)
    {
        if (source.Parameter is { } parameter)
        {
            return !parameter.HasExplicitDefaultValue ? DefaultValue.None
                : parameter.ExplicitDefaultValue is { } value ? Constant(plain, bound, value)
                : plain.IsValueType && !IsNullable(source.Type) ? OfType(plain, bound)
                : DefaultValue.None;
        }

        var property = source.Property!;
        if (!property.DeclaringSyntaxReferences.Any(reference => context.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
            || !IsAutomatic(property, context)
            || ConstructorReading.MaySet(context, constructor, property))
        {
            return Unseen;
        }

        foreach (var reference in property.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(context.CancellationToken) is PropertyDeclarationSyntax { Initializer.Value: { } initializer })
            {
                return Initializer(context, initializer, plain, bound);
            }
        }

        return DefaultValue.None;
    }

    /// <summary>The zero of a value type.</summary>
    public static DefaultValue OfType(ITypeSymbol type, BoundType bound) =>
        bound.Shape switch
        {
            ValueShape.Boolean => new DefaultValue("false", "false"),
            ValueShape.Integer => new DefaultValue("0", "0"),
            ValueShape.Float or ValueShape.Decimal or ValueShape.BigInteger => new DefaultValue("default", "0"),
            ValueShape.Enum when Zero((INamedTypeSymbol)type) is { } name => new DefaultValue("default", Literals.Text(name)),
            _ => new DefaultValue("default", null) { IsShown = false },
        };

    private static string? Zero(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field =>
                field.HasConstantValue && Convert.ToDecimal(field.ConstantValue, CultureInfo.InvariantCulture) == 0)?.Name;

    private static bool IsNullable(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    // One that keeps its value elsewhere, or changes what it is given, may have any; the other part of a partial one is such.
    private static bool IsAutomatic(IPropertySymbol property, ParseContext context) =>
        !property.IsPartialDefinition
        && property.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(context.CancellationToken))
            .OfType<PropertyDeclarationSyntax>()
            .All(syntax =>
                syntax.AccessorList?.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null) == true);

    private static DefaultValue Initializer(ParseContext context, ExpressionSyntax expression, ITypeSymbol plain, BoundType bound)
    {
        // "null!" silences the compiler; it is no value.
        var bare = expression;
        while (bare is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed)
        {
            bare = suppressed.Operand;
        }

        var model = context.Compilation.GetSemanticModel(expression.SyntaxTree);
        var constant = model.GetConstantValue(bare, context.CancellationToken);
        if (constant.HasValue)
        {
            return constant.Value is { } value ? Constant(plain, bound, value) : DefaultValue.None;
        }

        if (bare.IsKind(SyntaxKind.DefaultLiteralExpression))
        {
            return plain.IsValueType ? OfType(plain, bound) : DefaultValue.None;
        }

        if (bare is MemberAccessExpressionSyntax && model.GetSymbolInfo(bare, context.CancellationToken).Symbol is IFieldSymbol
            {
                Name: "Empty", ContainingType.SpecialType: SpecialType.System_String,
            })
        {
            return new DefaultValue("\"\"", "\"\"");
        }

        return bound is { Shape: ValueShape.Collection, JsonType: "array" } && IsEmptyCollection(bare, plain)
            ? new DefaultValue("[]", "global::System.Array.Empty<string>()")
            : Unseen;
    }

    private static bool IsEmptyCollection(ExpressionSyntax expression, ITypeSymbol type) =>
        !Names.Full(type).StartsWith("System.Text.Json", StringComparison.Ordinal)
        && expression switch
        {
            CollectionExpressionSyntax { Elements.Count: 0 } => true,
            ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0, Initializer: null } =>
                Names.Full(type) == "System.Collections.Generic.List`1",
            InvocationExpressionSyntax
            {
                ArgumentList.Arguments.Count: 0,
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Empty" },
            } => type is IArrayTypeSymbol,
            _ => false,
        };

    private static DefaultValue Constant(ITypeSymbol plain, BoundType bound, object value)
    {
        if (Literals.Of(plain, value) is not { } literal)
        {
            return Unseen;
        }

        var shown = bound.Shape switch
        {
            ValueShape.Enum => Literals.EnumMember((INamedTypeSymbol)plain, value) is { } name ? Literals.Text(name) : null,
            ValueShape.Character => Literals.Text(value.ToString()),
            ValueShape.Integer or ValueShape.BigInteger or ValueShape.Float or ValueShape.Decimal => Number(value),
            _ => literal,
        };
        return new DefaultValue(literal, shown);
    }

    // In one of the types that every JSON context knows.
    private static string? Number(object value) =>
        value switch
        {
            int or double or decimal => Literals.Plain(value),
            long number => Literals.Plain(number),
            float number => Literals.Plain(double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
            ulong number => Literals.Plain((decimal)number),
            uint number => Literals.Plain((long)number),
            byte or sbyte or short or ushort => Literals.Plain(value),
            char c => Literals.Text(c.ToString()),
            _ => null,
        };
}
