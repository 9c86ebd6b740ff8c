using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

internal sealed partial class RuleParser
{
    // Stands for the name while the other arguments are filled in; no message has it.
    private const string NameMark = "\u0001";

    private void ApplyRange(AttributeData attribute)
    {
        if (attribute.ConstructorArguments.Length is not (2 or 3) || !TryLimits(attribute, out var low, out var high))
        {
            Wrong(attribute, "only numbers have a range here");
            return;
        }

        var lowExclusive = Named(attribute, "MinimumIsExclusive") as bool? == true;
        var highExclusive = Named(attribute, "MaximumIsExclusive") as bool? == true;
        _rules.Limit(lowExclusive ? "exclusiveMinimum" : "minimum", Shown(low));
        _rules.Limit(highExclusive ? "exclusiveMaximum" : "maximum", Shown(high));
        var value = bound.Shape switch
        {
            ValueShape.BigInteger => $"decimal.CreateSaturating({StepModel.Value})",
            ValueShape.Float when type.SpecialType != SpecialType.System_Double => "(double)" + StepModel.Value,
            ValueShape.Integer when low is double || high is double => "(double)" + StepModel.Value,
            _ => StepModel.Value,
        };
        var words = (lowExclusive, highExclusive) switch
        {
            (false, false) => "The field {0} must be between {1} and {2}.",
            (true, false) => "The field {0} must be between {1} exclusive and {2}.",
            (false, true) => "The field {0} must be between {1} and {2} exclusive.",
            _ => "The field {0} must be between {1} exclusive and {2} exclusive.",
        };
        Refuse(
            attribute,
            $"{value} {(lowExclusive ? "<=" : "<")} {Literals.Plain(low)} || {value} {(highExclusive ? ">=" : ">")} {Literals.Plain(high)}",
            words,
            low is decimal ? Original(attribute, 0) : low,
            high is decimal ? Original(attribute, 1) : high);
    }

    // Limits in the type in which they are compared.
    private bool TryLimits(AttributeData attribute, out object low, out object high)
    {
        low = high = 0;
        object? first = Original(attribute, 0);
        object? second = Original(attribute, 1);
        if (first is string || second is string)
        {
            if (!TryParse(first as string, out first) || !TryParse(second as string, out second))
            {
                return false;
            }
        }

        switch (bound.Shape)
        {
            case ValueShape.Integer when first is int or long && second is int or long:
                (low, high) = (first, second);
                return true;
            case ValueShape.Integer when first is not null && second is not null:
            case ValueShape.Float when first is not null && second is not null:
                low = Convert.ToDouble(first, CultureInfo.InvariantCulture);
                high = Convert.ToDouble(second, CultureInfo.InvariantCulture);
                return true;
            case ValueShape.Decimal or ValueShape.BigInteger when first is not null && second is not null:
                low = ToDecimal(first);
                high = ToDecimal(second);
                return true;
            default:
                return false;
        }
    }

    private bool TryParse(string? text, out object? result)
    {
        result = null;
        if (bound.Shape == ValueShape.Float)
        {
            var isDouble = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
            result = number;
            return isDouble;
        }

        if (bound.Shape == ValueShape.Integer
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            result = whole;
            return true;
        }

        var isDecimal = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction);
        result = fraction;
        return isDecimal;
    }

    // A limit beyond what the type can hold is none.
    private static decimal ToDecimal(object limit) =>
        limit switch
        {
            double number when number >= (double)decimal.MaxValue => decimal.MaxValue,
            double number when number <= (double)decimal.MinValue => decimal.MinValue,
            double number => decimal.Parse(
                number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture),
            _ => Convert.ToDecimal(limit, CultureInfo.InvariantCulture),
        };

    private static string? Shown(object limit) =>
        limit is decimal number && decimal.Truncate(number) == number && number is >= int.MinValue and <= int.MaxValue
            ? Literals.Plain((int)number)
            : limit is double.NaN or double.PositiveInfinity or double.NegativeInfinity ? null : Literals.Plain(limit);

    // The last two arguments: the first of three is the type that the texts are of.
    private static object? Original(AttributeData attribute, int index) =>
        attribute.ConstructorArguments[attribute.ConstructorArguments.Length - 2 + index].Value;

    private void Refuse(AttributeData attribute, string condition, string words, params object?[] arguments)
    {
        CheckResource(attribute);
        var text = Named(attribute, "ErrorMessage") as string ?? words;
        _checks.Add(new StepModel(StepKind.Check, condition, Literals.Text(Message(text, arguments))));
    }

    private void CheckResource(AttributeData attribute)
    {
        if (Named(attribute, "ErrorMessageResourceName") is not null)
        {
            Unchecked(attribute, "texts of resources are not looked up; the usual words are sent");
        }
    }

    /// <summary>A format in which only the name is left to fill in.</summary>
    private static string Message(string words, params object?[] arguments)
    {
        string text;
        try
        {
            text = string.Format(CultureInfo.InvariantCulture, words, [NameMark, .. arguments]);
        }
        catch (FormatException)
        {
            // Not meant as a format.
            text = words;
        }

        return text.Replace("{", "{{").Replace("}", "}}").Replace(NameMark, "{0}");
    }

    private void Wrong(AttributeData attribute, string reason) =>
        context.Report(Diagnostics.WrongAttribute, attribute, ShortName(attribute), source.Name, Names.Short(owner), reason);

    private void Unchecked(AttributeData attribute, string reason) =>
        context.Report(Diagnostics.UncheckedAttribute, attribute, ShortName(attribute), source.Name, Names.Short(owner), reason);

    private static string ShortName(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name;
        return name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }

    private static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(pair => pair.Key == name).Value.Value;

    private static T? Argument<T>(AttributeData attribute, int index) =>
        index < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[index].Value is T value ? value : default;
}
