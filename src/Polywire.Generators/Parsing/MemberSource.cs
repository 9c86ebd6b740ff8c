using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>Where an input is declared: a parameter of the constructor, a property, or both.</summary>
internal sealed record MemberSource(IParameterSymbol? Parameter, IPropertySymbol? Property)
{
    public ISymbol Symbol => (ISymbol?)Property ?? Parameter!;

    public ITypeSymbol Type => Parameter?.Type ?? Property!.Type;

    public string Name => Symbol.Name;

    /// <summary>Those of the parameter, where a positional record has them unless it says otherwise, then those of the property.</summary>
    public IEnumerable<AttributeData> Attributes
    {
        get
        {
            var own = Property?.GetAttributes() ?? [];
            return Parameter is null ? own : Parameter.GetAttributes().Concat(own);
        }
    }
}
