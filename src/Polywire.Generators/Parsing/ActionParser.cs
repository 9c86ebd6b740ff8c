using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Reads one <c>[Action]</c> class.</summary>
internal static class ActionParser
{
    public static ParsedAction? Parse(GeneratorAttributeSyntaxContext syntax, CancellationToken cancellationToken)
    {
        if (syntax.TargetSymbol is not INamedTypeSymbol type)
        {
            return null;
        }

        var location = type.Locations.FirstOrDefault(place => place.IsInSource);
        var context = new ParseContext(syntax.SemanticModel.Compilation, location, cancellationToken);
        var attribute = syntax.Attributes[0];
        var contract = Contract(context, type);
        var isWhole = contract?.TypeArguments.Any(argument => argument.TypeKind == TypeKind.Error) == false;
        var shared = isWhole ? SharedContract.Of(contract!.TypeArguments[0]) : null;
        var name = Name(context, type, attribute, isWhole ? contract : null, shared);
        var (version, versionKey, isText) = ActionNames.Version(context, shared?.Type ?? type, shared?.Attribute ?? attribute);
        if (contract is null || !isWhole)
        {
            return new ParsedAction(null, null, null, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
        }

        var identity = string.IsNullOrWhiteSpace(name)
            ? null
            : new ActionIdentity(
                name!,
                versionKey,
                isText,
                Names.Short(type),
                JsonCoverage.Key(contract.TypeArguments[1], context.Compilation),
                LocationInfo.From(location));
        context.Mark(type);
        context.Mark(contract);
        var creation = Creation(context, type);
        var input = Input(context, type, contract.TypeArguments[0]);
        var (properties, metadata, middleware) = ActionSettings.Of(context, type, attribute, shared);
        CheckVisible(context, type, contract);
        var model = context.HasErrors || input is null || name is null
            ? null
            : new ActionModel
            {
                Type = Names.CodeWithoutNull(type),
                Identifier = Names.Identifier(type),
                Name = name,
                Version = version,
                VersionKey = versionKey,
                IsTextVersion = isText,
                InputType = Names.CodeWithoutNull(contract.TypeArguments[0]),
                Input = input,
                OutputType = Names.Code(contract.TypeArguments[1]),
                Creation = creation,
                Properties = new EquatableArray<string>(properties),
                Metadata = new EquatableArray<string>(metadata),
                Middleware = new EquatableArray<MiddlewareModel>(middleware),
                Records = new EquatableArray<RecordModel>(context.Records),
                Converters = new EquatableArray<ConverterModel>(
                    context.Converters.Values.OrderBy(converter => converter.Name, StringComparer.Ordinal)),
                Patterns = new EquatableArray<PatternModel>(context.Patterns),
                IsExperimental = context.IsExperimental,
                IsObsolete = context.IsObsolete,
            };
        var own = model is null ? null : ContractParser.OfAction(context, type, contract, model);
        return new ParsedAction(model, identity, own, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
    }

    // The class's own name, or that of the contract that its input belongs to.
    private static string? Name(
        ParseContext context, INamedTypeSymbol type, AttributeData attribute, INamedTypeSymbol? contract, SharedContract? shared)
    {
        if (shared is null)
        {
            if (attribute.ConstructorArguments.Length > 0)
            {
                return ActionNames.Name(context, type, attribute);
            }

            if (contract is not null)
            {
                context.Report(Diagnostics.Nameless, attribute, Names.Short(type));
            }

            return null;
        }

        var name = Names.Short(shared.Type);
        if (attribute.ConstructorArguments.Length > 0 || attribute.NamedArguments.Any(pair => pair.Key is "Version" or "TextVersion"))
        {
            context.Report(Diagnostics.NamedTwice, attribute, Names.Short(type), name);
        }

        if (shared.Output is { } output && !SymbolEqualityComparer.Default.Equals(output, contract!.TypeArguments[1]))
        {
            context.Report(
                Diagnostics.OtherAnswer, type, Names.Short(type), Names.Short(contract.TypeArguments[1]), name, Names.Short(output));
        }

        return ActionNames.Name(context, shared.Type, shared.Attribute);
    }

    private static INamedTypeSymbol? Contract(ParseContext context, INamedTypeSymbol type)
    {
        // IAction<TOutput> is one of them, with an input that has no members.
        var contracts = type.AllInterfaces.Where(own => Names.Full(own) == "Polywire.IAction`2").ToList();
        if (contracts.Count != 1)
        {
            context.Report(Diagnostics.NotAnAction, type, Names.Short(type));
            return null;
        }

        var reason = type.IsStatic ? "it is static"
            : type.IsAbstract ? "it is abstract"
            : type.IsGenericType || IsInGeneric(type) ? "it is generic"
            : type.IsFileLocal ? "it is local to its file"
            : !Visibility.IsVisible(type, context.Compilation) ? "it is not visible to generated code"
            : null;
        if (reason is not null)
        {
            context.Report(Diagnostics.UnusableClass, type, Names.Short(type), reason);
            return null;
        }

        return contracts[0];
    }

    private static bool IsInGeneric(INamedTypeSymbol type)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsGenericType)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckVisible(ParseContext context, INamedTypeSymbol type, INamedTypeSymbol contract)
    {
        var output = contract.TypeArguments[1];
        if (!Visibility.IsVisible(output, context.Compilation))
        {
            context.Report(
                Diagnostics.UnusableClass, type, Names.Short(type), $"its answer '{Names.Short(output)}' is not visible to generated code");
        }
    }

    private static string Creation(ParseContext context, INamedTypeSymbol type)
    {
        var constructors = type.InstanceConstructors.Where(own => own.DeclaredAccessibility == Accessibility.Public).ToList();
        if (constructors.Count != 1)
        {
            context.Report(
                Diagnostics.Constructors, type, Names.Short(type), constructors.Count.ToString(CultureInfo.InvariantCulture));
            return "";
        }

        context.Mark(constructors[0]);
        var arguments = constructors[0].Parameters.Select(parameter => Service(context, type, parameter));
        return $"new {Names.CodeWithoutNull(type)}({string.Join(", ", arguments)})";
    }

    // Without a parameter the services are not touched, and so no scope is made.
    private static string Service(ParseContext context, INamedTypeSymbol owner, IParameterSymbol parameter)
    {
        var type = parameter.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        context.Mark(type);
        if (parameter.RefKind is not (RefKind.None or RefKind.In) || !Visibility.IsVisible(type, context.Compilation))
        {
            context.Report(
                Diagnostics.UnusableClass,
                owner,
                Names.Short(owner),
                $"its constructor's '{parameter.Name}' cannot come from the services");
            return "";
        }

        if (Names.Full(type) == "System.IServiceProvider")
        {
            return "context.Services";
        }

        var code = Names.CodeWithoutNull(type);
        var keyed = parameter.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "FromKeyedServicesAttribute");
        if (keyed?.ConstructorArguments.FirstOrDefault() is { IsNull: false, Kind: not TypedConstantKind.Array } key
            && AttributeText.Value(key, context.Compilation) is { } literal)
        {
            return parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null } && type.IsReferenceType
                ? $"({code}?){Api.KeyedServices}GetKeyedService<{code}>(context.Services, {literal})"
                : $"{Api.KeyedServices}GetRequiredKeyedService<{code}>(context.Services, {literal})";
        }

        // Their default is a constant of the type behind the question mark.
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            && parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: { } value })
        {
            return Literals.Of(nullable.TypeArguments[0], value) ?? "default";
        }

        if (!parameter.HasExplicitDefaultValue)
        {
            return $"{Api.Services}GetRequiredService<{code}>(context.Services)";
        }

        return type.IsReferenceType && parameter.ExplicitDefaultValue is null
            ? $"{Api.Services}GetService<{code}>(context.Services)"
            : parameter.ExplicitDefaultValue is null ? "default" : Literals.Of(type, parameter.ExplicitDefaultValue) ?? "default";
    }

    private static string? Input(ParseContext context, INamedTypeSymbol owner, ITypeSymbol type)
    {
        string? reason = $"'{Names.Short(type)}' is no type with members";
        if (type is INamedTypeSymbol { SpecialType: SpecialType.None, TypeKind: not TypeKind.Enum } named)
        {
            reason = Visibility.IsVisible(type, context.Compilation)
                ? Names.Full(named) == "Polywire.NoInput" ? null : RecordParser.WhyNot(named, context.Compilation)
                : $"'{Names.Short(type)}' is not visible to generated code";
            if (reason is null)
            {
                var key = new RecordParser(context).Parse(named);
                var record = context.Records.Find(own => own.Key == key);
                if (record is not null)
                {
                    MemberParser.CheckNames(context, named, record);
                    MemberParser.CheckAsks(context, owner, record);
                }

                return key;
            }
        }

        context.Report(Diagnostics.UnboundType, owner, "the input", Names.Short(owner), reason);
        return null;
    }
}
