using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Reads a type whose members are inputs: which constructor makes it and which members can be sent.</summary>
internal sealed class RecordParser
{
    private readonly ParseContext _context;
    private readonly MemberParser _members;

    public RecordParser(ParseContext context)
    {
        _context = context;
        _members = new MemberParser(context, new TypeBinder(context, this));
    }

    /// <summary>Why a type's members cannot be inputs; null if they can, so far as its kind tells.</summary>
    public static string? WhyNot(INamedTypeSymbol type)
    {
        var name = Names.Short(type);
        var space = type.ContainingNamespace?.ToDisplayString() + ".";
        return type.TypeKind switch
        {
            TypeKind.Interface => $"'{name}' is an interface",
            TypeKind.Delegate => $"'{name}' is a delegate",
            TypeKind.Class when type.IsStatic => $"'{name}' is static",
            TypeKind.Class when type.IsAbstract => $"'{name}' is abstract",
            TypeKind.Struct when type.IsRefLikeType => $"'{name}' is a ref struct",
            TypeKind.Class or TypeKind.Struct when type.IsTupleType => "the elements of a tuple have no names on the wire",
            TypeKind.Class or TypeKind.Struct when type.IsUnboundGenericType || type.SpecialType != SpecialType.None
                || space.StartsWith("System.", StringComparison.Ordinal) || space.StartsWith("Microsoft.", StringComparison.Ordinal) =>
                $"values of type '{name}' cannot be made from params",
            TypeKind.Class or TypeKind.Struct => null,
            _ => $"values of type '{name}' cannot be made from params",
        };
    }

    /// <summary>Reads a type, once.</summary>
    /// <returns>Its key; null if it cannot be made, which has been reported.</returns>
    public string? Parse(INamedTypeSymbol type)
    {
        var key = Names.Identifier(type);
        if (!_context.Begun.Add(key))
        {
            return key;
        }

        _context.CancellationToken.ThrowIfCancellationRequested();
        if (ChooseConstructor(type) is not { } constructor)
        {
            return null;
        }

        var members = new List<MemberModel>();
        foreach (var source in Sources(type, constructor))
        {
            if (_members.Parse(type, source) is { } member)
            {
                members.Add(member);
            }
        }

        foreach (var same in members.GroupBy(member => member.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            _context.Report(Diagnostics.SameInput, type, Names.Short(type), same.Key);
        }

        _context.Records.Add(new RecordModel(key, Names.CodeWithoutNull(type), new EquatableArray<MemberModel>(members)));
        return key;
    }

    private IMethodSymbol? ChooseConstructor(INamedTypeSymbol type)
    {
        var candidates = type.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public && !IsCopy(constructor, type))
            .ToList();
        if (candidates.Find(IsForJson) is { } chosen)
        {
            return Usable(chosen, type);
        }

        if (candidates.Count > 1)
        {
            candidates.RemoveAll(constructor => constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 0);
        }

        if (candidates.Count == 0)
        {
            _context.Report(Diagnostics.UnusableInput, type, Names.Short(type), "it has no public constructor");
            return null;
        }

        if (candidates.Count == 1)
        {
            return Usable(candidates[0], type);
        }

        if (candidates.Find(constructor => constructor.Parameters.Length == 0) is { } plain)
        {
            return plain;
        }

        _context.Report(
            Diagnostics.UnusableInput,
            type,
            Names.Short(type),
            "it has several public constructors; mark one with [JsonConstructor] or add one without parameters");
        return null;
    }

    private IMethodSymbol? Usable(IMethodSymbol constructor, INamedTypeSymbol type)
    {
        if (constructor.Parameters.All(parameter => parameter.RefKind is RefKind.None or RefKind.In))
        {
            return constructor;
        }

        _context.Report(Diagnostics.UnusableInput, type, Names.Short(type), "its constructor has parameters that are passed by reference");
        return null;
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters.Length == 1
        && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    private static bool IsForJson(IMethodSymbol constructor) =>
        constructor.GetAttributes().Any(attribute =>
            attribute.AttributeClass is { } kind && Names.Full(kind) == "System.Text.Json.Serialization.JsonConstructorAttribute");

    private List<MemberSource> Sources(INamedTypeSymbol type, IMethodSymbol constructor)
    {
        var properties = Properties(type);
        var sources = new List<MemberSource>();
        foreach (var parameter in constructor.Parameters)
        {
            var property = properties.Find(candidate => candidate.Name == parameter.Name)
                ?? properties.Find(candidate => string.Equals(candidate.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (property is not null)
            {
                properties.Remove(property);
            }

            sources.Add(new MemberSource(parameter, property));
        }

        foreach (var property in properties)
        {
            if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } && !IsIgnored(property))
            {
                sources.Add(new MemberSource(null, property));
            }
            else if (property.IsRequired)
            {
                _context.Report(
                    Diagnostics.UnusableInput, property, Names.Short(type), $"its required member '{property.Name}' is no input");
            }
        }

        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsRequired))
        {
            _context.Report(Diagnostics.UnusableInput, field, Names.Short(type), $"its required member '{field.Name}' is a field");
        }

        return sources;
    }

    private static bool IsIgnored(IPropertySymbol property) =>
        property.GetAttributes().Any(attribute =>
            attribute.AttributeClass is { } kind
            && Names.Full(kind) == "System.Text.Json.Serialization.JsonIgnoreAttribute"
            && attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "Condition").Value.Value is null or 1);

    // Those of base types first; an override stands where the overridden one stood.
    private static List<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        var chain = new Stack<INamedTypeSymbol>();
        for (var current = type; current is not null && current.SpecialType is SpecialType.None; current = current.BaseType)
        {
            chain.Push(current);
        }

        var properties = new List<IPropertySymbol>();
        foreach (var property in chain.SelectMany(level => level.GetMembers().OfType<IPropertySymbol>()))
        {
            if (property.IsStatic || property.IsIndexer || property.DeclaredAccessibility != Accessibility.Public)
            {
                continue;
            }

            var hidden = properties.FindIndex(earlier => earlier.Name == property.Name);
            if (hidden < 0)
            {
                properties.Add(property);
            }
            else
            {
                properties[hidden] = property;
            }
        }

        return properties;
    }
}
