using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Reads the contracts that clients and servers share: of actions, rooms and pushes.</summary>
internal static class ContractParser
{
    // What servers themselves send: clauses of the protocol, never a push.
    private static readonly string[] OwnContexts = ["response", "user", "api"];

    public static ParsedContract? ParseAction(GeneratorAttributeSyntaxContext syntax, CancellationToken cancellationToken)
    {
        if (syntax.TargetSymbol is not INamedTypeSymbol type)
        {
            return null;
        }

        var (context, attribute) = (Context(syntax, type, cancellationToken), syntax.Attributes[0]);
        var name = ActionNames.Name(context, type, attribute);
        var (version, key, _) = ActionNames.Version(context, type, attribute);
        var input = Nested(context, type, SharedContract.InputName);
        var output = Nested(context, type, SharedContract.OutputName);
        if (input is null || output is null || !CanBe(context, type))
        {
            return new ParsedContract(null, null, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
        }

        CheckInput(context, type, input);
        CheckPartial(context, input);
        var isOwn = input.AllInterfaces.Any(own => Names.Full(own) == "Polywire.IActionInput`1");
        var model = context.HasErrors || name is null || isOwn ? null : Model(context, ContractKind.Action, type, input, output) with
        {
            Name = name,
            Version = version,
            Input = Names.CodeWithoutNull(input),
            Documentation = Description(attribute) is null ? DocumentationText.Summary(type, cancellationToken) : null,
            InputDocumentation = new EquatableArray<string>(Documentation(input, cancellationToken)),
        };
        return Parsed(context, ContractKind.Action, type, name, key, model, [input, output]);
    }

    public static ParsedContract? ParseRoom(GeneratorAttributeSyntaxContext syntax, CancellationToken cancellationToken) =>
        ParseMessage(syntax, ContractKind.Room, "name", cancellationToken);

    public static ParsedContract? ParsePush(GeneratorAttributeSyntaxContext syntax, CancellationToken cancellationToken) =>
        ParseMessage(syntax, ContractKind.Push, "context", cancellationToken);

    /// <summary>What the partial input of an action of the same project is given; null for any other input.</summary>
    public static ContractModel? OfAction(ParseContext context, INamedTypeSymbol action, INamedTypeSymbol contract, ActionModel model)
    {
        var output = contract.TypeArguments[1];
        var isMine = contract.TypeArguments[0] is INamedTypeSymbol { IsGenericType: false } input
            && SymbolEqualityComparer.Default.Equals(input.ContainingType, action)
            && PartialTypes.FirstThatIsNot(input, context.CancellationToken) is null
            && !input.AllInterfaces.Any(own => Names.Full(own) == "Polywire.IActionInput`1")
            && Names.Full(output) != "Polywire.ActionResult";

        // What is experimental or obsolete the application answers for where it names it; a second place would have it answer twice.
        return !isMine || context.IsExperimental || context.IsObsolete
            ? null
            : Model(context, ContractKind.Action, action, (INamedTypeSymbol)contract.TypeArguments[0], output) with
            {
                Name = model.Name,
                Version = model.Version,
                Input = model.InputType,
            };
    }

    private static ParsedContract? ParseMessage(
        GeneratorAttributeSyntaxContext syntax, ContractKind kind, string what, CancellationToken cancellationToken)
    {
        if (syntax.TargetSymbol is not INamedTypeSymbol type)
        {
            return null;
        }

        var (context, attribute) = (Context(syntax, type, cancellationToken), syntax.Attributes[0]);
        var name = attribute.ConstructorArguments.FirstOrDefault().Value as string;
        if (string.IsNullOrWhiteSpace(name))
        {
            context.Report(Diagnostics.EmptyName, attribute, Names.Short(type), what);
        }
        else if (kind == ContractKind.Push && OwnContexts.Contains(name))
        {
            context.Report(Diagnostics.UnusableContract, type, Names.Short(type), $"'{name}' is the context of what servers send themselves");
        }

        var message = Nested(context, type, "Message");
        if (message is null || !CanBe(context, type))
        {
            return new ParsedContract(null, null, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
        }

        CheckPartial(context, type);
        if (!type.GetMembers(kind.ToString()).IsEmpty)
        {
            context.Report(Diagnostics.UnusableContract, type, Names.Short(type), $"it has a member '{kind}' already, which is what is generated");
        }

        var model = context.HasErrors || name is null ? null : Model(context, kind, type, type, message) with
        {
            Name = name,
            Access = message.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            JsonTypes = new EquatableArray<string>([JsonCoverage.Name(message)]),
        };
        return Parsed(context, kind, type, name, "", model, [message]);
    }

    private static ParseContext Context(GeneratorAttributeSyntaxContext syntax, INamedTypeSymbol type, CancellationToken cancellationToken) =>
        new(syntax.SemanticModel.Compilation, type.Locations.FirstOrDefault(place => place.IsInSource), cancellationToken);

    private static ParsedContract Parsed(
        ParseContext context,
        ContractKind kind,
        INamedTypeSymbol type,
        string? name,
        string versionKey,
        ContractModel? model,
        IEnumerable<ITypeSymbol> types)
    {
        var wanted = types.Select(one => JsonCoverage.Key(one, context.Compilation)).OfType<string>();
        var place = LocationInfo.From(type.Locations.FirstOrDefault(one => one.IsInSource));
        var identity = string.IsNullOrWhiteSpace(name)
            ? null
            : new ContractIdentity(kind, name!, versionKey, Names.Short(type), new EquatableArray<string>(wanted), place);
        return new ParsedContract(model, identity, new EquatableArray<DiagnosticInfo>(context.Diagnostics));
    }

    /// <param name="context">What was gathered.</param>
    /// <param name="kind">What the contract is of.</param>
    /// <param name="owner">The class that is named in identifiers.</param>
    /// <param name="added">The innermost type that is added to.</param>
    /// <param name="output">The answer, or the message.</param>
    private static ContractModel Model(ParseContext context, ContractKind kind, INamedTypeSymbol owner, INamedTypeSymbol added, ITypeSymbol output)
    {
        context.Mark(owner);
        context.Mark(added);
        context.Mark(output);
        return new ContractModel
        {
            Kind = kind,
            Identifier = Names.Identifier(owner),
            Namespace = PartialTypes.Namespace(added),
            Path = new EquatableArray<string>(PartialTypes.Path(added)),
            Output = Names.Code(output),
            JsonTypes = new EquatableArray<string>([JsonCoverage.Name(added), JsonCoverage.Name(output)]),
            IsExperimental = context.IsExperimental,
            IsObsolete = context.IsObsolete,
        };
    }

    private static INamedTypeSymbol? Nested(ParseContext context, INamedTypeSymbol type, string name)
    {
        var nested = type.GetTypeMembers(name, 0).FirstOrDefault();
        var reason = nested is null ? $"it has no nested type '{name}'"
            : Visibility.IsVisible(nested, context.Compilation) ? null
            : $"its '{name}' is not visible to generated code";
        if (reason is null)
        {
            return nested;
        }

        context.Report(Diagnostics.UnusableContract, type, Names.Short(type), reason);
        return null;
    }

    private static bool CanBe(ParseContext context, INamedTypeSymbol type)
    {
        var isGeneric = false;
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            isGeneric |= outer.IsGenericType;
        }

        if (isGeneric)
        {
            context.Report(Diagnostics.UnusableContract, type, Names.Short(type), "it is generic");
        }

        return !isGeneric;
    }

    private static void CheckInput(ParseContext context, INamedTypeSymbol type, INamedTypeSymbol input)
    {
        // Told here, where the input is, and not only to those who write servers for it.
        if (RecordParser.WhyNot(input, context.Compilation) is { } reason)
        {
            context.Report(Diagnostics.UnboundType, type, "the input", Names.Short(type), reason);
            return;
        }

        var key = new RecordParser(context).Parse(input);
        if (context.Records.Find(own => own.Key == key) is { } record)
        {
            MemberParser.CheckNames(context, input, record);
        }
    }

    private static void CheckPartial(ParseContext context, INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (!PartialTypes.Is(current, context.CancellationToken))
            {
                context.Report(Diagnostics.NotPartial, current, Names.Short(current), PartialTypes.Keyword(current));
            }
        }
    }

    private static string? Description(AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "Description").Value.Value as string;

    private static IEnumerable<string> Documentation(INamedTypeSymbol input, CancellationToken cancellationToken)
    {
        foreach (var property in input.GetMembers().OfType<IPropertySymbol>()
            .Where(property => property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public }))
        {
            var text = DocumentationText.Summary(property, cancellationToken)
                ?? DocumentationText.Parameter(input, property.Name, cancellationToken);
            if (text is not null)
            {
                yield return $"{Literals.Text(property.Name)}, {Literals.Text(text)}";
            }
        }
    }
}
