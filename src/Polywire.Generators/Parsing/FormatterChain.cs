using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>The formatters of an input of which one changes the type: what is sent is what the first of them takes.</summary>
/// <param name="Type">The type that is sent.</param>
/// <param name="Conversion">The formatters, one around the other.</param>
internal sealed record FormatterChain(ITypeSymbol Type, string Conversion)
{
    /// <summary>Reads the chain from its end, which is the member's type.</summary>
    /// <returns>Null if no formatter changes the type, or if they do not fit together, which is told elsewhere.</returns>
    public static FormatterChain? Parse(ParseContext context, MemberSource source, ITypeSymbol member)
    {
        var formatters = source.Attributes
            .Where(attribute => attribute.AttributeClass is { } kind && Names.Full(kind) == "Polywire.FormatAttribute`1")
            .Select(attribute => attribute.AttributeClass!.TypeArguments[0])
            .ToList();
        var current = member;
        var calls = new Stack<string>();
        for (var i = formatters.Count - 1; i >= 0; i--)
        {
            if (!Visibility.IsVisible(formatters[i], context.Compilation))
            {
                return null;
            }

            var own = formatters[i].AllInterfaces;
            if (own.Any(one => Names.Full(one) == "Polywire.IInputFormatter`1" && Same(one.TypeArguments[0], current)))
            {
                calls.Push($"{Api.Rules}Format<{Names.CodeWithoutNull(formatters[i])}, {Names.CodeWithoutNull(current)}>(");
                continue;
            }

            var changes = own.Where(one => Names.Full(one) == "Polywire.IInputFormatter`2" && Same(one.TypeArguments[1], current)).ToList();
            if (changes.Count != 1)
            {
                return null;
            }

            var taken = changes[0].TypeArguments[0];
            calls.Push(
                $"{Api.Rules}Format<{Names.CodeWithoutNull(formatters[i])}, {Names.CodeWithoutNull(taken)}, {Names.CodeWithoutNull(current)}>(");
            current = taken.IsReferenceType ? taken.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : taken;
        }

        return Same(current, member)
            ? null
            : new FormatterChain(current, string.Concat(calls.Reverse()) + StepModel.Value + new string(')', calls.Count));
    }

    private static bool Same(ITypeSymbol one, ITypeSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
