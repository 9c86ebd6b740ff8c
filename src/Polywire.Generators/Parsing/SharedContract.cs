using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>The contract that an input belongs to, of this assembly or another.</summary>
/// <param name="type">The class that has the attribute.</param>
/// <param name="attribute">The attribute.</param>
internal sealed class SharedContract(INamedTypeSymbol type, AttributeData attribute)
{
    public const string InputName = "Input";
    public const string OutputName = "Output";

    public INamedTypeSymbol Type { get; } = type;

    public AttributeData Attribute { get; } = attribute;

    /// <summary>The type of the answer; null where the contract has none, which is told where it stands.</summary>
    public INamedTypeSymbol? Output => Type.GetTypeMembers(OutputName, 0).FirstOrDefault();

    /// <summary>The routes of the contract, which are the action's.</summary>
    public IEnumerable<AttributeData> Routes =>
        AttributeText.Of(Type).Where(one => one.AttributeClass?.BaseType is { } kind && Names.Full(kind) == "Polywire.ActionRouteAttribute");

    public static SharedContract? Of(ITypeSymbol input) =>
        input is INamedTypeSymbol { Name: InputName, Arity: 0, ContainingType: { } owner }
        && owner.GetAttributes().FirstOrDefault(own =>
            own.AttributeClass is { } kind && Names.Full(kind) == "Polywire.ActionContractAttribute") is { } attribute
            ? new SharedContract(owner, attribute)
            : null;
}
