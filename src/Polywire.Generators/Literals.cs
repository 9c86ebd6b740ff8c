using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Polywire.Generators;

/// <summary>Constants as code.</summary>
internal static class Literals
{
    public static string Text(string? text) => text is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A constant of a plain type; null if it is none.</summary>
    public static string? Plain(object? value) =>
        value switch
        {
            null => "null",
            string text => Text(text),
            char c => SymbolDisplay.FormatLiteral(c, quote: true),
            bool flag => flag ? "true" : "false",
            double number => Double(number),
            float number => Float(number),
            DateTime time => $"new global::System.DateTime({time.Ticks.ToString(CultureInfo.InvariantCulture)}L)",
            decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
            long number => number == long.MinValue ? "long.MinValue" : number.ToString(CultureInfo.InvariantCulture) + "L",
            ulong number => number.ToString(CultureInfo.InvariantCulture) + "UL",
            uint number => number.ToString(CultureInfo.InvariantCulture) + "U",
            int number => number.ToString(CultureInfo.InvariantCulture),
            byte or sbyte or short or ushort => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };

    /// <summary>A constant that may be of an enum.</summary>
    public static string? Of(ITypeSymbol? type, object? value)
    {
        if (value is not null && type is INamedTypeSymbol { TypeKind: TypeKind.Enum } named)
        {
            return EnumMember(named, value) is { } member
                ? Names.Code(named) + "." + Identifier(member)
                : $"({Names.Code(named)})({Plain(value)})";
        }

        return Plain(value);
    }

    /// <summary>The name of an enum's member with a value; null if there is none.</summary>
    public static string? EnumMember(INamedTypeSymbol type, object value) =>
        type.GetMembers()
            .OfType<IFieldSymbol>()
            .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name;

    /// <summary>A name as code, with an at sign if it is a keyword.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;

    private static string Double(double number) =>
        double.IsNaN(number) ? "double.NaN"
        : double.IsPositiveInfinity(number) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(number) ? "double.NegativeInfinity"
        : number.ToString("R", CultureInfo.InvariantCulture) + "d";

    private static string Float(float number) =>
        float.IsNaN(number) ? "float.NaN"
        : float.IsPositiveInfinity(number) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(number) ? "float.NegativeInfinity"
        : number.ToString("R", CultureInfo.InvariantCulture) + "f";
}
