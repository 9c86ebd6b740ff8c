using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>Tells the framework's types from those of applications.</summary>
internal static class Framework
{
    /// <summary>Whether a type is the framework's, whose members are never inputs; a namespace of the same name makes none of it.</summary>
    public static bool Has(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.SpecialType != SpecialType.None)
        {
            return true;
        }

        if (type.ContainingAssembly is not { Name: { } name } assembly || SymbolEqualityComparer.Default.Equals(assembly, compilation.Assembly))
        {
            return false;
        }

        return name is "mscorlib" or "netstandard" or "System" or "WindowsBase" or "Polywire" or "Polywire.Abstractions" or "Polywire.AspNetCore" or "Polywire.Sockhop"
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal);
    }
}
