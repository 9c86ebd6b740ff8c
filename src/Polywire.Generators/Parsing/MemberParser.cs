using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Reads one input: name, type, whether it must be sent, default, limits.</summary>
internal sealed class MemberParser(ParseContext context, TypeBinder types)
{
    private static readonly HashSet<string> ReservedNames =
        new(["file", "apiVersion", "callback", "action", "messageId"], StringComparer.Ordinal);

    /// <param name="owner">The type that has the input.</param>
    /// <param name="constructor">The constructor that values are made with.</param>
    /// <param name="source">Where the input is declared.</param>
    public MemberModel? Parse(INamedTypeSymbol owner, IMethodSymbol constructor, MemberSource source)
    {
        var type = source.Type;
        context.Mark(source.Symbol);
        if (type.TypeKind == TypeKind.Error)
        {
            return null;
        }

        var isNullableValue = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        var plain = isNullableValue
            ? ((INamedTypeSymbol)type).TypeArguments[0]
            : type.WithNullableAnnotation(type.IsReferenceType ? NullableAnnotation.NotAnnotated : NullableAnnotation.None);
        var chain = FormatterChain.Parse(context, source, plain);
        if (types.Bind(chain?.Type ?? plain, out var reason) is not { } bound)
        {
            if (reason is not null)
            {
                context.Report(Diagnostics.UnboundType, source.Symbol, source.Name, Names.Short(owner), reason);
            }

            return null;
        }

        var isNullable = isNullableValue || (type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.Annotated);
        var isOblivious = type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.None;
        var made = chain is null ? bound : TypeBinder.Look(plain);
        var rules = new RuleParser(context, owner, source, plain, made, chain is null).Parse();
        if (chain is not null)
        {
            // Checks are of what comes out; what is sent has other limits.
            rules.Constraints.Clear();
            rules.Limit("format", bound.Format is null ? null : Literals.Text(bound.Format));
        }

        var given = DefaultParser.Parse(context, constructor, source, plain, made);
        var mustBeSet = source.Property?.IsRequired == true && source.Parameter is null && !RecordParser.SetsRequired(constructor);
        var mustBeSent = mustBeSet || JsonAttributes.IsRequired(source.Attributes);
        if (mustBeSent)
        {
            // Whoever makes the record has to set it, so its initializer never counts.
            given = DefaultValue.None;
        }

        var required = rules.IsRequired
            || mustBeSent
            || (!isNullable && given.IsNone && (source.Parameter is not null || (plain.IsReferenceType && !isOblivious)));
        if (!required && given.IsNone && !isNullable && plain.IsValueType)
        {
            given = DefaultParser.OfType(plain, made);
        }

        var name = WireName(source);
        return new MemberModel
        {
            Name = name,
            Property = source.Name,
            Type = Names.CodeWithoutNull(plain),
            IsNullable = isNullable || (isOblivious && !required),
            IsValueType = plain.IsValueType,
            Converter = bound.Converter,
            IsText = bound.IsText,
            Wire = chain is null ? null : new WireModel(Names.CodeWithoutNull(chain.Type), chain.Type.IsValueType, chain.Conversion),
            Asks = new EquatableArray<string>(rules.Asks),
            RequiresAfterFormat = chain is null && required && bound.Shape == ValueShape.Text && rules.HasFormatters,
            MissingText = rules.MissingText,
            Default = source.Parameter is null ? null : given.Expression,
            Argument = source.Parameter?.Ordinal ?? -1,
            ArgumentName = source.Parameter?.Name ?? "",
            IsAlwaysSet = mustBeSet || (required && !(given is { IsNone: false, IsShown: true })),
            HasGetter = source.Property?.GetMethod is { } getter
                && context.Compilation.IsSymbolAccessibleWithin(getter, context.Compilation.Assembly),
            MustNotBeNull = given.IsUnseen && type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated },
            Setter = source is { Parameter: null, Property: { SetMethod.IsInitOnly: true } set } ? SetterParser.Parse(set) : null,
            Record = bound.Record,
            IsTable = bound.IsTable,
            IsSecret = rules.IsSecret,
            Steps = new EquatableArray<StepModel>(rules.Steps),
            Properties = new EquatableArray<string>(Describe(owner, source, bound, rules, given, required)),
        };
    }

    /// <summary>Complains of inputs that would never arrive, being the framework's; those of nested records are nobody else's.</summary>
    public static void CheckNames(ParseContext context, INamedTypeSymbol owner, RecordModel record)
    {
        foreach (var member in record.Members.Where(member => ReservedNames.Contains(member.Name) && !IsUpload(member)))
        {
            var at = owner.GetMembers(member.Property).FirstOrDefault() ?? owner;
            context.Report(Diagnostics.ReservedInput, at, member.Name, Names.Short(owner));
        }
    }

    /// <summary>Complains of validators of nested members that would never be asked.</summary>
    public static void CheckAsks(ParseContext context, INamedTypeSymbol owner, RecordModel record)
    {
        foreach (var nested in context.Records.Where(nested => nested.Key != record.Key))
        {
            foreach (var member in nested.Members.Where(member => member.Asks.Count > 0))
            {
                context.Report(
                    Diagnostics.WrongAttribute,
                    owner,
                    "Validate",
                    member.Property,
                    nested.Type.Replace("global::", ""),
                    "validators with services are asked for members of the action's own input alone");
            }
        }
    }

    // An upload named file is what a body that is one file brings.
    private static bool IsUpload(MemberModel member) => member.Name == "file" && member.Type.TrimEnd('?') == "global::Polywire.UploadedFile";

    private static string WireName(MemberSource source) =>
        source.Attributes
            .Where(attribute => attribute.AttributeClass is { } kind
                && Names.Full(kind) == "System.Text.Json.Serialization.JsonPropertyNameAttribute")
            .Select(attribute => attribute.ConstructorArguments.FirstOrDefault().Value as string)
            .FirstOrDefault(name => !string.IsNullOrEmpty(name))
        ?? Names.CamelCase(source.Name);

    private List<string> Describe(
        INamedTypeSymbol owner, MemberSource source, BoundType bound, MemberRules rules, DefaultValue given, bool required)
    {
        var properties = new List<string> { $"Type = {Literals.Text(bound.JsonType)}" };
        if (bound.ItemType is { } item and not "any")
        {
            properties.Add($"ItemType = {Literals.Text(item)}");
        }

        if (required)
        {
            properties.Add("Required = true");
        }

        if (rules.AllowsEmpty)
        {
            properties.Add("AllowEmpty = true");
        }

        if (given is { IsNone: false, IsShown: true })
        {
            properties.Add("HasDefault = true");
            if (given.Shown is not null)
            {
                properties.Add($"Default = {given.Shown}");
            }
        }

        if (Description(owner, source) is { } description)
        {
            properties.Add($"Description = {Literals.Text(description)}");
        }

        if (rules.Constraints.Count > 0)
        {
            var limits = rules.Constraints.Select(pair => $"[{Literals.Text(pair.Key)}] = {pair.Value}");
            properties.Add($"Constraints = new {Api.Dictionary}<string, object> {{ {string.Join(", ", limits)} }}");
        }

        return properties;
    }

    private string? Description(INamedTypeSymbol owner, MemberSource source)
    {
        var token = context.CancellationToken;
        return (source.Property is { } property ? DocumentationText.Summary(property, token) : null)
            ?? (source.Parameter is { } parameter
                ? DocumentationText.Parameter(owner, parameter.Name, token)
                    ?? DocumentationText.Parameter(parameter.ContainingSymbol, parameter.Name, token)
                : null);
    }
}
