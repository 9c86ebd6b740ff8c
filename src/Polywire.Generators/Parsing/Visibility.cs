using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>What generated code of the same assembly can see.</summary>
internal static class Visibility
{
    public static bool IsVisible(ITypeSymbol type, Compilation compilation) =>
        type switch
        {
            IArrayTypeSymbol array => IsVisible(array.ElementType, compilation),
            INamedTypeSymbol named => IsVisibleNamed(named, compilation),
            _ => true,
        };

    private static bool IsVisibleNamed(INamedTypeSymbol type, Compilation compilation)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal || !compilation.IsSymbolAccessibleWithin(current, compilation.Assembly))
            {
                return false;
            }
        }

        return type.TypeArguments.All(argument => IsVisible(argument, compilation));
    }
}
