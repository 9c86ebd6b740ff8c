using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

/// <summary>What the attributes of System.Text.Json say of inputs; those that are not heeded are told.</summary>
internal static class JsonAttributes
{
    private const string Json = "System.Text.Json.Serialization.";

    /// <summary>Whether clients may not set a property; an override is ignored with what it overrides, unless it says otherwise.</summary>
    public static bool IsIgnored(IPropertySymbol property)
    {
        for (IPropertySymbol? current = property; current is not null; current = current.OverriddenProperty)
        {
            if (Decide(current.GetAttributes().Concat(OfField(current))) is { } isIgnored)
            {
                return isIgnored;
            }
        }

        return false;
    }

    /// <summary>Whether clients may not set a property or a field.</summary>
    public static bool IsIgnored(ISymbol member) =>
        member is IPropertySymbol property ? IsIgnored(property) : Decide(member.GetAttributes()) == true;

    /// <summary>Whether a constructor is the one to make values with.</summary>
    public static bool IsConstructor(IMethodSymbol constructor) =>
        Find(constructor.GetAttributes(), Json + "JsonConstructorAttribute") is not null;

    /// <summary>Whether a member takes what no other member does, which is dropped here.</summary>
    public static bool IsExtensionData(ISymbol member) => Find(member.GetAttributes(), Json + "JsonExtensionDataAttribute") is not null;

    /// <summary>Tells the attributes of a member that are not heeded.</summary>
    public static void CheckMember(ParseContext context, INamedTypeSymbol owner, ISymbol member)
    {
        var where = $"'{member.Name}' of {Names.Short(owner)}";
        foreach (var attribute in member.GetAttributes())
        {
            if (attribute.AttributeClass is { } kind && Reason(attribute, Names.Full(kind), member) is { } reason)
            {
                context.Report(Diagnostics.UnheededAttribute, attribute, ShortName(kind), where, reason);
            }
        }

        if (member is IPropertySymbol property)
        {
            foreach (var attribute in OfField(property))
            {
                if (attribute.AttributeClass is { } kind
                    && Names.Full(kind) is Json + "JsonPropertyNameAttribute" or Json + "JsonRequiredAttribute")
                {
                    context.Report(
                        Diagnostics.UnheededAttribute, attribute, ShortName(kind), where, "it is on the field; write [property: …]");
                }
            }
        }
    }

    /// <summary>Tells the attributes of a type that are not heeded.</summary>
    public static void CheckType(ParseContext context, INamedTypeSymbol type)
    {
        for (var current = type; current is not null && !Framework.Has(current, context.Compilation); current = current.BaseType)
        {
            foreach (var attribute in current.GetAttributes())
            {
                if (attribute.AttributeClass is { } kind && Reason(attribute, Names.Full(kind), current) is { } reason)
                {
                    context.Report(Diagnostics.UnheededAttribute, attribute, ShortName(kind), Names.Short(current), reason);
                }
            }
        }
    }

    /// <summary>Whether a member must be there.</summary>
    public static bool IsRequired(IEnumerable<AttributeData> attributes) => Find(attributes, Json + "JsonRequiredAttribute") is not null;

    private static string? Reason(AttributeData attribute, string name, ISymbol on) =>
        name switch
        {
            Json + "JsonConverterAttribute" when !IsOfEnumNames(attribute) =>
                "inputs are made by generated code; let the type implement IParsable<T>, or convert in the action",
            Json + "JsonExtensionDataAttribute" => "what is no input is dropped, so there is nothing to put there",
            Json + "JsonIncludeAttribute" when on is not IPropertySymbol
            {
                DeclaredAccessibility: Accessibility.Public, SetMethod: null or { DeclaredAccessibility: Accessibility.Public },
            } => "clients set public properties with public setters alone",
            Json + "JsonNumberHandlingAttribute" when Value(attribute) is 0 or (int and >= 4) =>
                "numbers are taken from texts too, and none that is infinite or not a number",
            Json + "JsonObjectCreationHandlingAttribute" when Value(attribute) is 1 => "what is sent replaces the value",
            Json + "JsonUnmappedMemberHandlingAttribute" when Value(attribute) is 1 => "what is no input is dropped",
            Json + "JsonPolymorphicAttribute" or Json + "JsonDerivedTypeAttribute" => "inputs are of the type that is declared",
            _ => null,
        };

    // The framework's converters of enums read names, as generated code does.
    private static bool IsOfEnumNames(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault().Value is INamedTypeSymbol converter
        && Names.Full(converter) is Json + "JsonStringEnumConverter" or Json + "JsonStringEnumConverter`1";

    private static object? Value(AttributeData attribute) => attribute.ConstructorArguments.FirstOrDefault().Value;

    // Null where nothing is said. Other libraries' words for the same are meant no less.
    private static bool? Decide(IEnumerable<AttributeData> attributes)
    {
        bool? result = null;
        foreach (var attribute in attributes)
        {
            switch (attribute.AttributeClass is { } kind ? Names.Full(kind) : null)
            {
                case Json + "JsonIgnoreAttribute":
                    var condition = attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "Condition").Value;
                    var word = condition is { Kind: TypedConstantKind.Enum, Type: INamedTypeSymbol type, Value: { } value }
                        ? Literals.EnumMember(type, value)
                        : null;
                    result = result == true || word is not ("Never" or "WhenWriting" or "WhenWritingDefault" or "WhenWritingNull");
                    break;
                case "Newtonsoft.Json.JsonIgnoreAttribute":
                case "System.Runtime.Serialization.IgnoreDataMemberAttribute":
                case "Microsoft.AspNetCore.Mvc.ModelBinding.BindNeverAttribute":
                    result = true;
                    break;
            }
        }

        return result;
    }

    private static ImmutableArray<AttributeData> OfField(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            ?.GetAttributes() ?? ImmutableArray<AttributeData>.Empty;

    private static AttributeData? Find(IEnumerable<AttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => attribute.AttributeClass is { } kind && Names.Full(kind) == name);

    private static string ShortName(INamedTypeSymbol kind) =>
        kind.Name.EndsWith("Attribute", StringComparison.Ordinal) ? kind.Name.Substring(0, kind.Name.Length - "Attribute".Length) : kind.Name;
}
