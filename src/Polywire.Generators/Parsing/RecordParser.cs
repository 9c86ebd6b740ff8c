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
    public static string? WhyNot(INamedTypeSymbol type, Compilation compilation)
    {
        var name = Names.Short(type);
        return type.TypeKind switch
        {
            TypeKind.Interface => $"'{name}' is an interface",
            TypeKind.Delegate => $"'{name}' is a delegate",
            TypeKind.Class when type.IsStatic => $"'{name}' is static",
            TypeKind.Class when type.IsAbstract => $"'{name}' is abstract",
            TypeKind.Struct when type.IsRefLikeType => $"'{name}' is a ref struct",
            TypeKind.Class or TypeKind.Struct when type.IsTupleType => "the elements of a tuple have no names on the wire",
            TypeKind.Class or TypeKind.Struct when type.IsUnboundGenericType || Framework.Has(type, compilation) =>
                $"values of type '{name}' cannot be made from params",
            TypeKind.Class or TypeKind.Struct when !type.IsRecord
                && type.AllInterfaces.Any(own => own.SpecialType == SpecialType.System_Collections_IEnumerable) =>
                $"'{name}' is a collection, not a type with members",
            TypeKind.Class or TypeKind.Struct => null,
            _ => $"values of type '{name}' cannot be made from params",
        };
    }

    /// <summary>Whether a constructor answers for the members that are <c>required</c>.</summary>
    public static bool SetsRequired(IMethodSymbol constructor) =>
        constructor.GetAttributes().Any(attribute =>
            attribute.AttributeClass is { } kind && Names.Full(kind) == "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute");

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

        _context.Mark(type);
        _context.Mark(constructor);
        JsonAttributes.CheckType(_context, type);
        var members = new List<MemberModel>();
        var sources = Sources(type, constructor, out var fixedArguments);
        foreach (var source in sources)
        {
            if (_members.Parse(type, constructor, source) is { } member)
            {
                members.Add(member);
            }
        }

        foreach (var same in members.GroupBy(member => member.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            _context.Report(Diagnostics.SameInput, type, Names.Short(type), same.Key);
        }

        _context.Records.Add(new RecordModel(key, Names.CodeWithoutNull(type), new EquatableArray<MemberModel>(members))
        {
            NamesArguments = sources.Count(source => source.Parameter is not null) < constructor.Parameters.Length,
            FixedArguments = new EquatableArray<string>(fixedArguments),
        });
        return key;
    }

    private IMethodSymbol? ChooseConstructor(INamedTypeSymbol type)
    {
        var marked = type.InstanceConstructors.Where(JsonAttributes.IsConstructor).ToList();
        if (marked.Count > 0)
        {
            var reason = marked.Count > 1 ? "it has several constructors that are marked [JsonConstructor]"
                : !_context.Compilation.IsSymbolAccessibleWithin(marked[0], _context.Compilation.Assembly)
                    ? "its [JsonConstructor] is not visible to generated code"
                : null;
            if (reason is null)
            {
                return Usable(marked[0], type);
            }

            _context.Report(Diagnostics.UnusableInput, type, Names.Short(type), reason);
            return null;
        }

        var candidates = type.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public && !IsCopy(constructor, type))
            .ToList();

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

    private List<MemberSource> Sources(INamedTypeSymbol type, IMethodSymbol constructor, out List<string> fixedArguments)
    {
        var properties = Properties(type);
        var sources = new List<MemberSource>();
        fixedArguments = [];
        foreach (var parameter in constructor.Parameters)
        {
            var property = properties.Find(candidate => candidate.Name == parameter.Name)
                ?? properties.Find(candidate => string.Equals(candidate.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (property is not null)
            {
                properties.Remove(property);
            }

            // What clients may not set they may not hand to the constructor either.
            if (property is null ? IgnoredFlow.Reaches(_context, constructor, parameter) : !IsInput(property))
            {
                AddFixed(type, parameter, fixedArguments);
                continue;
            }

            sources.Add(new MemberSource(parameter, property));
        }

        foreach (var property in properties)
        {
            if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } && IsInput(property))
            {
                sources.Add(new MemberSource(null, property));
            }
            else if (property.IsRequired && !SetsRequired(constructor))
            {
                _context.Report(
                    Diagnostics.UnusableInput, property, Names.Short(type), $"its required member '{property.Name}' is no input");
            }
        }

        CheckOthers(type, constructor);
        return sources;
    }

    private void AddFixed(INamedTypeSymbol type, IParameterSymbol parameter, List<string> fixedArguments)
    {
        if (parameter.HasExplicitDefaultValue)
        {
            return;
        }

        if (parameter.Type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated })
        {
            _context.Report(
                Diagnostics.UnusableInput,
                parameter,
                Names.Short(type),
                $"its constructor's '{parameter.Name}' is no input and has no default");
        }

        fixedArguments.Add($"{Literals.Identifier(parameter.Name)}: default({Names.Code(parameter.Type)})");
    }

    // What is not looked at otherwise: members that are no inputs.
    private void CheckOthers(INamedTypeSymbol type, IMethodSymbol constructor)
    {
        foreach (var level in Levels(type))
        {
            foreach (var member in level.GetMembers().Where(member =>
                !member.IsStatic && member is IPropertySymbol or IFieldSymbol { IsImplicitlyDeclared: false }))
            {
                if (member is IFieldSymbol { IsRequired: true } && !SetsRequired(constructor))
                {
                    _context.Report(
                        Diagnostics.UnusableInput, member, Names.Short(type), $"its required member '{member.Name}' is a field");
                }

                JsonAttributes.CheckMember(_context, type, member);
            }
        }
    }

    private static bool IsInput(IPropertySymbol property) => !JsonAttributes.IsIgnored(property) && !JsonAttributes.IsExtensionData(property);

    // An override of a member of the framework's is no other member.
    private bool IsOfFramework(IPropertySymbol property)
    {
        var first = property;
        while (first.OverriddenProperty is { } overridden)
        {
            first = overridden;
        }

        return Framework.Has(first.ContainingType, _context.Compilation);
    }

    // From the outermost base type of the application's own.
    private Stack<INamedTypeSymbol> Levels(INamedTypeSymbol type)
    {
        var chain = new Stack<INamedTypeSymbol>();
        for (var current = type; current is not null && !Framework.Has(current, _context.Compilation); current = current.BaseType)
        {
            chain.Push(current);
        }

        return chain;
    }

    // Those of base types first; an override stands where the overridden one stood.
    private List<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        var properties = new List<IPropertySymbol>();
        foreach (var property in Levels(type).SelectMany(level => level.GetMembers().OfType<IPropertySymbol>()))
        {
            if (property.IsStatic || property.IsIndexer || property.DeclaredAccessibility != Accessibility.Public
                || IsOfFramework(property))
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
