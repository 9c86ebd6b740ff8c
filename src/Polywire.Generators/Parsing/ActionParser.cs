using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Doors;
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
        var name = attribute.ConstructorArguments.FirstOrDefault().Value as string;
        if (string.IsNullOrWhiteSpace(name))
        {
            context.Report(Diagnostics.EmptyName, attribute, Names.Short(type), "name");
        }
        else if (VerbTable.Find(name!) != Verb.None)
        {
            context.Report(Diagnostics.VerbName, attribute, name!);
        }

        var (version, versionKey, isText) = Version(context, type, attribute);
        var contract = Contract(context, type);
        if (contract is null || contract.TypeArguments.Any(argument => argument.TypeKind == TypeKind.Error))
        {
            return new ParsedAction(null, null, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
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
        var (properties, metadata, middleware) = Settings(context, type, attribute);
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
        return new ParsedAction(model, identity, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
    }

    private static (string Code, string Key, bool IsText) Version(ParseContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var number = Named(attribute, "Version") as int? ?? 1;
        var text = attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "TextVersion").Value;
        if (text.Value is not string word)
        {
            return ($"new {Api.ActionVersion}({Literals.Plain(number)})", number.ToString(CultureInfo.InvariantCulture), false);
        }

        if (string.IsNullOrWhiteSpace(word))
        {
            context.Report(Diagnostics.EmptyName, attribute, Names.Short(type), "version");
        }

        var isNumber = double.TryParse(
            word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        return ($"{Api.ActionVersion}.Parse({Literals.Text(word)})", isNumber ? value.ToString(CultureInfo.InvariantCulture) : word, !isNumber);
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

    private static (List<string> Properties, List<string> Metadata, List<MiddlewareModel> Middleware) Settings(
        ParseContext context, INamedTypeSymbol type, AttributeData action)
    {
        var properties = new List<string>();
        var metadata = new List<string>();
        var middleware = new List<MiddlewareModel>();
        var description = Named(action, "Description") as string ?? DocumentationText.Summary(type, context.CancellationToken);
        if (description is not null)
        {
            properties.Add($"Description = {Literals.Text(description)}");
        }

        if (Named(action, "Documented") as bool? == false)
        {
            properties.Add("Documented = false");
        }

        foreach (var attribute in AttributeText.Of(type))
        {
            var kind = attribute.AttributeClass!;
            var argument = attribute.ConstructorArguments.FirstOrDefault();
            switch (Names.Full(kind))
            {
                case "Polywire.AllowTransportAttribute":
                    properties.Add($"AllowedTransports = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.BlockTransportAttribute":
                    properties.Add($"BlockedTransports = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.LogAsAttribute":
                    properties.Add($"LogLevel = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.TimeoutAttribute":
                    if (!TryTimeout(argument.Value as string, out var timeout))
                    {
                        context.Report(Diagnostics.WrongTimeout, attribute, argument.Value as string ?? "null");
                        continue;
                    }

                    properties.Add($"Timeout = {timeout}");
                    break;
                case "Polywire.UseAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.Around));
                    break;
                case "Polywire.PreProcessAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.Before));
                    break;
                case "Polywire.PostProcessAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.After));
                    break;
            }

            context.Mark(attribute);
            if (AttributeText.Creation(attribute, context.Compilation) is { } creation)
            {
                metadata.Add(creation);
            }
            else
            {
                context.Report(Diagnostics.LostAttribute, attribute, kind.Name, Names.Short(type));
            }
        }

        return (properties, metadata, middleware);
    }

    private static MiddlewareModel Middleware(ITypeSymbol type, MiddlewareKind kind) =>
        new(Names.CodeWithoutNull(type), type is { TypeKind: TypeKind.Class, IsAbstract: false }, kind);

    private static bool TryTimeout(string? text, out string code)
    {
        // As Polywire reads it when the attribute is made: the framework takes "24:00:00" for 24 days otherwise.
        TimeSpan timeout = default;
        var good = text?.Count(c => c == ':') == 2
            && !text.EndsWith(".", StringComparison.Ordinal)
            && !text.Any(c => char.IsWhiteSpace(c) || c == '\0')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out timeout)
            && timeout >= TimeSpan.Zero;
        code = timeout == TimeSpan.Zero ? Api.TimeSpan + ".Zero" : $"{Api.TimeSpan}.FromTicks({Literals.Plain(timeout.Ticks)})";
        return good;
    }

    private static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(pair => pair.Key == name).Value.Value;
}
