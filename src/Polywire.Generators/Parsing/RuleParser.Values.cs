using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

internal sealed partial class RuleParser
{
    private void ApplyValues(AttributeData attribute, bool isAllowed, string words)
    {
        var values = attribute.ConstructorArguments
            .SelectMany(argument => argument.Kind == TypedConstantKind.Array ? argument.Values : [argument])
            .Where(value => !value.IsNull)
            .ToList();
        if (values.Count == 0 || !values.TrueForAll(IsComparable))
        {
            Wrong(attribute, "its values are not of the input's type");
            return;
        }

        var literals = values.ConvertAll(Pattern);
        var pattern = string.Join(" or ", literals);
        if (isAllowed)
        {
            _rules.Limit("enum", Enumeration(values));
        }

        Refuse(attribute, $"{StepModel.Value} {(isAllowed ? "is not" : "is")} ({pattern})", words);
    }

    private bool IsComparable(TypedConstant value) =>
        bound.Shape switch
        {
            ValueShape.Text => value.Value is string,
            ValueShape.Character => value.Value is char,
            ValueShape.Boolean => value.Value is bool,
            ValueShape.Enum => SymbolEqualityComparer.Default.Equals(value.Type, type),
            ValueShape.Integer or ValueShape.BigInteger or ValueShape.Decimal => Fits(value.Value),
            ValueShape.Float => value.Value is double or float || Fits(value.Value),
            _ => false,
        };

    // Bare figures take the input's own type.
    private string Pattern(TypedConstant value) =>
        value.Value is byte or sbyte or short or ushort or int or uint or long or ulong && bound.Shape != ValueShape.Enum
            ? ((IFormattable)value.Value).ToString(null, CultureInfo.InvariantCulture)
            : value.Value is double number && type.SpecialType == SpecialType.System_Single
                ? Literals.Plain((float)number)!
                : Literals.Of(value.Type, value.Value)!;

    private bool Fits(object? value)
    {
        if (value is not (byte or sbyte or short or ushort or int or uint or long or ulong)
            || Names.Full(type) is "System.Int128" or "System.UInt128" or "System.Half")
        {
            return false;
        }

        var number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        var (min, max) = type.SpecialType switch
        {
            SpecialType.System_SByte => (sbyte.MinValue, sbyte.MaxValue),
            SpecialType.System_Byte => (byte.MinValue, byte.MaxValue),
            SpecialType.System_Int16 => (short.MinValue, short.MaxValue),
            SpecialType.System_UInt16 => (ushort.MinValue, ushort.MaxValue),
            SpecialType.System_Int32 => (int.MinValue, int.MaxValue),
            SpecialType.System_UInt32 => (uint.MinValue, uint.MaxValue),
            SpecialType.System_Int64 => (long.MinValue, long.MaxValue),
            SpecialType.System_UInt64 => (ulong.MinValue, ulong.MaxValue),
            _ => (decimal.MinValue, decimal.MaxValue),
        };
        return number >= min && number <= max;
    }

    // As a list that every JSON context knows: only of texts there is one.
    private string? Enumeration(List<TypedConstant> values) =>
        bound.Shape switch
        {
            ValueShape.Text or ValueShape.Character => TextArray(values.Select(value => value.Value!.ToString())),
            ValueShape.Enum => TextArray(values.Select(value => Literals.EnumMember((INamedTypeSymbol)type, value.Value!) ?? "")),
            _ => null,
        };

    private static string TextArray(IEnumerable<string> texts) => $"new[] {{ {string.Join(", ", texts.Select(Literals.Text))} }}";
}
