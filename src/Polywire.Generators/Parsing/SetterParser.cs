using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Writes accessors for properties that C# sets in initializers alone: what was not sent is left as the object has it.</summary>
internal static class SetterParser
{
    public static SetterModel Parse(IPropertySymbol property)
    {
        var definition = property.OriginalDefinition;
        var owner = definition.ContainingType;
        var name = "Set_" + Names.Unique($"{Names.Identifier(owner)}_{property.Name}", Names.CodeWithoutNull(owner) + " " + property.Name);
        var isStruct = owner.IsValueType;
        var parameters = $"{(isStruct ? "ref " : "")}{Names.CodeWithoutNull(owner)} target, {Names.Code(definition.Type)} value";
        var accessor = $"[{Api.UnsafeAccessor}({Api.UnsafeAccessorKind}.Method, Name = {Literals.Text(definition.SetMethod!.MetadataName)})]";
        var variables = Variables(owner);
        if (variables.Count == 0)
        {
            return new SetterModel(
                name, name, isStruct, new EquatableArray<string>([accessor, $"private static extern void {name}({parameters});"]));
        }

        // The accessor of a generic type's member has to be in a generic type of the same variables.
        var list = string.Join(", ", variables.Select(variable => Literals.Identifier(variable.Name)));
        var arguments = string.Join(", ", Arguments(property.ContainingType).Select(Names.Code));
        List<string> declaration = [$"private static class {name}<{list}>"];
        declaration.AddRange(variables.Select(Constraint).OfType<string>().Select(constraint => "    " + constraint));
        declaration.AddRange(["{", "    " + accessor, $"    internal static extern void Invoke({parameters});", "}"]);
        return new SetterModel(name, $"{name}<{arguments}>.Invoke", isStruct, new EquatableArray<string>(declaration));
    }

    private static List<ITypeParameterSymbol> Variables(INamedTypeSymbol type) =>
        [.. type.ContainingType is { } outer ? Variables(outer) : [], .. type.TypeParameters];

    private static List<ITypeSymbol> Arguments(INamedTypeSymbol type) =>
        [.. type.ContainingType is { } outer ? Arguments(outer) : [], .. type.TypeArguments];

    private static string? Constraint(ITypeParameterSymbol variable)
    {
        List<string> words =
        [
            .. variable.HasUnmanagedTypeConstraint ? ["unmanaged"]
                : variable.HasValueTypeConstraint ? ["struct"]
                : variable.HasReferenceTypeConstraint
                    ? [variable.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class"]
                : variable.HasNotNullConstraint ? (string[])["notnull"]
                : [],
            .. variable.ConstraintTypes.Select(Names.Code),
            .. variable.HasConstructorConstraint && !variable.HasValueTypeConstraint ? (string[])["new()"] : [],
        ];
        return words.Count == 0 ? null : $"where {Literals.Identifier(variable.Name)} : {string.Join(", ", words)}";
    }
}
