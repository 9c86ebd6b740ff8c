using System.Globalization;
using System.Numerics;
using Polywire.Inputs;

namespace Polywire.Binding;

public static partial class InputConvert
{
    private const NumberStyles Fraction = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A whole number; a JSON number may be written with a fraction of zero or an exponent.</summary>
    public static bool ToInteger<T>(ref InputReader reader, scoped InputValue value, out T result)
        where T : struct, IBinaryInteger<T>
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        result = default;
        if (EndsInNull(text))
        {
            return false;
        }

        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result)
            || (value.Form == InputForm.Number && TryParseWhole(text, out result));
    }

    /// <summary>A number with a binary fraction; finite.</summary>
    public static bool ToFloat<T>(ref InputReader reader, scoped InputValue value, out T result)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        result = default;
        return !EndsInNull(text)
            && T.TryParse(text, Fraction, CultureInfo.InvariantCulture, out result)
            && T.IsFinite(result);
    }

    /// <summary>A number with a decimal fraction.</summary>
    public static bool ToDecimal(ref InputReader reader, scoped InputValue value, out decimal result)
    {
        var text = value.GetTextOrNumber(stackalloc byte[InputValue.TextSize]);
        result = default;
        return !EndsInNull(text) && decimal.TryParse(text, Fraction, CultureInfo.InvariantCulture, out result);
    }

    private static bool TryParseWhole<T>(ReadOnlySpan<byte> text, out T result)
        where T : struct, IBinaryInteger<T>
    {
        result = default;
        if (!decimal.TryParse(text, Fraction, CultureInfo.InvariantCulture, out var number) || decimal.Truncate(number) != number)
        {
            return false;
        }

        var saturated = T.CreateSaturating(number);
        result = saturated;
        return decimal.CreateSaturating(saturated) == number;
    }
}
