using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Turns the attributes of an input into formatters, checks and limits.</summary>
/// <remarks>The checks and their words are those of DataAnnotations, with the wire name in place of the property's.</remarks>
internal sealed partial class RuleParser(
    ParseContext context, INamedTypeSymbol owner, MemberSource source, ITypeSymbol type, BoundType bound, bool hasFormatters)
{
    private const string Annotations = "System.ComponentModel.DataAnnotations.";
    private const int PatternTimeoutMilliseconds = 250;

    private readonly MemberRules _rules = new();
    private readonly List<StepModel> _checks = [];

    public MemberRules Parse()
    {
        if (bound.Format is not null)
        {
            _rules.Limit("format", Literals.Text(bound.Format));
        }

        if (bound.EnumNames.Count > 0)
        {
            _rules.Limit("enum", TextArray(bound.EnumNames));
        }

        foreach (var attribute in source.Attributes)
        {
            // What does not compile is the compiler's to tell.
            if (attribute is { AttributeClass: { TypeKind: not TypeKind.Error } kind, AttributeConstructor: not null }
                && attribute.ConstructorArguments.All(argument => argument.Kind != TypedConstantKind.Error))
            {
                Apply(attribute, kind);
            }
        }

        _rules.Steps.AddRange(_checks);
        return _rules;
    }

    private void Apply(AttributeData attribute, INamedTypeSymbol kind)
    {
        switch (Names.Full(kind))
        {
            case "Polywire.SecretAttribute":
                _rules.IsSecret = true;
                break;
            case "Polywire.FormatAttribute`1" when !hasFormatters:
                break;
            case "Polywire.FormatAttribute`1":
                ApplyFormatter(attribute, kind.TypeArguments[0]);
                break;
            case "Polywire.ValidateAttribute`1":
                ApplyValidator(attribute, kind.TypeArguments[0]);
                break;
            case Annotations + "RequiredAttribute":
                _rules.IsRequired = true;
                _rules.AllowsEmpty = Named(attribute, "AllowEmptyStrings") as bool? == true;
                _rules.MissingText = Named(attribute, "ErrorMessage") is string text ? Message(text) : null;
                CheckResource(attribute);
                break;
            case Annotations + "StringLengthAttribute":
                ApplyStringLength(attribute);
                break;
            case Annotations + "MinLengthAttribute":
                ApplyLength(attribute, Argument<int>(attribute, 0), null);
                break;
            case Annotations + "MaxLengthAttribute":
                ApplyLength(attribute, null, attribute.ConstructorArguments.Length == 0 ? -1 : Argument<int>(attribute, 0));
                break;
            case Annotations + "LengthAttribute":
                ApplyLength(attribute, Argument<int>(attribute, 0), Argument<int>(attribute, 1));
                break;
            case Annotations + "RangeAttribute":
                ApplyRange(attribute);
                break;
            case Annotations + "RegularExpressionAttribute":
                ApplyPattern(attribute);
                break;
            case Annotations + "EmailAddressAttribute":
                ApplyText(attribute, "IsEmailAddress", "email", "The {0} field is not a valid e-mail address.");
                break;
            case Annotations + "UrlAttribute":
                ApplyText(
                    attribute, "IsUrl", "uri", "The {0} field is not a valid fully-qualified http, https, or ftp URL.");
                break;
            case Annotations + "AllowedValuesAttribute":
                ApplyValues(
                    attribute, isAllowed: true, "The {0} field does not equal any of the values specified in AllowedValuesAttribute.");
                break;
            case Annotations + "DeniedValuesAttribute":
                ApplyValues(
                    attribute, isAllowed: false, "The {0} field equals one of the values specified in DeniedValuesAttribute.");
                break;
            default:
                if (IsValidation(kind))
                {
                    Unchecked(attribute, "Polywire knows no such check; write an IInputValidator<T> and use [Validate<T>]");
                }

                break;
        }
    }

    private void ApplyFormatter(AttributeData attribute, ITypeSymbol formatter)
    {
        if (!Implements(formatter, "Polywire.IInputFormatter`1", exact: true))
        {
            WrongStep(attribute, formatter, "IInputFormatter");
            return;
        }

        _rules.HasFormatters = true;
        _rules.Steps.Add(new StepModel(StepKind.Format, Names.CodeWithoutNull(formatter)));
    }

    private void ApplyValidator(AttributeData attribute, ITypeSymbol validator)
    {
        if (Implements(validator, "Polywire.IAsyncInputValidator`1", exact: false))
        {
            if (source.Property?.GetMethod is { } getter && context.Compilation.IsSymbolAccessibleWithin(getter, context.Compilation.Assembly))
            {
                _rules.Asks.Add(Names.CodeWithoutNull(validator));
            }
            else
            {
                Wrong(attribute, "it is asked once the object is made, and the value cannot be read from that");
            }

            return;
        }

        if (!Implements(validator, "Polywire.IInputValidator`1", exact: false))
        {
            WrongStep(attribute, validator, "IInputValidator");
            return;
        }

        _checks.Add(new StepModel(StepKind.Validate, Names.CodeWithoutNull(validator)));
    }

    // A validator may be written for a base type: its interface is contravariant.
    private bool Implements(ITypeSymbol step, string interfaceName, bool exact)
    {
        context.Mark(step);
        return Visibility.IsVisible(step, context.Compilation)
            && step.AllInterfaces.Any(own =>
            Names.Full(own) == interfaceName
            && (SymbolEqualityComparer.Default.Equals(own.TypeArguments[0], type) || (!exact && IsBase(own.TypeArguments[0]))));
    }

    private bool IsBase(ITypeSymbol other) =>
        type.IsReferenceType && context.Compilation.ClassifyCommonConversion(type, other) is { IsReference: true, IsImplicit: true };

    private void WrongStep(AttributeData attribute, ITypeSymbol step, string interfaceName) =>
        context.Report(
            Diagnostics.WrongStep, attribute, Names.Short(step), $"{interfaceName}<{Names.Short(type)}>", source.Name, Names.Short(owner));

    private void ApplyStringLength(AttributeData attribute)
    {
        if (bound.Shape != ValueShape.Text)
        {
            Wrong(attribute, "it is not a string");
            return;
        }

        var max = Argument<int>(attribute, 0);
        var min = Named(attribute, "MinimumLength") as int? ?? 0;
        if (max < 0 || min > max)
        {
            Wrong(attribute, "its limits contradict each other");
            return;
        }

        _rules.Limit("minLength", min > 0 ? Literals.Plain(min) : null);
        _rules.Limit("maxLength", Literals.Plain(max));
        Refuse(
            attribute,
            min > 0 ? $"{StepModel.Value}.Length is < {min} or > {max}" : $"{StepModel.Value}.Length > {max}",
            min > 0
                ? "The field {0} must be a string with a minimum length of {2} and a maximum length of {1}."
                : "The field {0} must be a string with a maximum length of {1}.",
            max,
            min);
    }

    private void ApplyLength(AttributeData attribute, int? min, int? max)
    {
        if (bound.Count is null)
        {
            Wrong(attribute, "it is neither a string nor a collection");
            return;
        }

        if (max == -1)
        {
            // MaxLength without a figure: as much as there is room for.
            return;
        }

        if (min < 0 || max < 0 || min > max)
        {
            Wrong(attribute, "its limits contradict each other");
            return;
        }

        var items = bound.JsonType switch { "array" => "Items", "object" => "Properties", _ => "Length" };
        _rules.Limit("min" + items, min is { } least ? Literals.Plain(least) : null);
        _rules.Limit("max" + items, max is { } most ? Literals.Plain(most) : null);
        var count = bound.Count.Replace("{0}", StepModel.Value);
        var condition = (min, max) switch
        {
            (not null, not null) => $"{count} is < {min} or > {max}",
            (not null, _) => $"{count} < {min}",
            _ => $"{count} > {max}",
        };
        if (min is not null && max is not null)
        {
            Refuse(
                attribute,
                condition,
                "The field {0} must be a string or collection type with a minimum length of '{1}' and maximum length of '{2}'.",
                min,
                max);
        }
        else
        {
            var word = min is null ? "maximum" : "minimum";
            Refuse(attribute, condition, $"The field {{0}} must be a string or array type with a {word} length of '{{1}}'.", min ?? max);
        }
    }

    private void ApplyPattern(AttributeData attribute)
    {
        if (bound.Shape != ValueShape.Text)
        {
            Wrong(attribute, "it is not a string");
            return;
        }

        var pattern = Argument<string>(attribute, 0) ?? "";
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException exception)
        {
            context.Report(Diagnostics.WrongPattern, attribute, source.Name, Names.Short(owner), exception.Message);
            return;
        }

        var timeout = Named(attribute, "MatchTimeoutInMilliseconds") is int given && given > 0 ? given : PatternTimeoutMilliseconds;
        var name = "Pattern_" + Names.Unique($"{Names.Identifier(owner)}_{source.Name}", Names.CodeWithoutNull(owner) + " " + source.Name);
        context.Patterns.Add(new PatternModel(
            name,
            $"new({Literals.Text(pattern)}, {Api.Regex}Options.CultureInvariant, {Api.TimeSpan}.FromMilliseconds({Literals.Plain(timeout)}))"));
        _rules.Limit("pattern", Literals.Text(pattern));
        Refuse(
            attribute,
            $"!{Api.Rules}Matches({name}, {StepModel.Value})",
            "The field {0} must match the regular expression '{1}'.", pattern);
    }

    private void ApplyText(AttributeData attribute, string method, string format, string words)
    {
        if (bound.Shape != ValueShape.Text)
        {
            Wrong(attribute, "it is not a string");
            return;
        }

        _rules.Limit("format", Literals.Text(format));
        Refuse(attribute, $"!{Api.Rules}{method}({StepModel.Value})", words);
    }

    private static bool IsValidation(INamedTypeSymbol kind)
    {
        for (INamedTypeSymbol? current = kind; current is not null; current = current.BaseType)
        {
            if (Names.Full(current) == Annotations + "ValidationAttribute")
            {
                return true;
            }
        }

        return false;
    }
}
