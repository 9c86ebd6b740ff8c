using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes what contracts are given: <c>IActionInput</c> on inputs, <c>Room</c> and <c>Push</c>, and the objects behind them.</summary>
internal static class ContractsEmitter
{
    private const string Documentation = "global::Polywire.Binding.Documentation";
    private const string Resolver = "global::System.Text.Json.Serialization.Metadata.IJsonTypeInfoResolver";
    private const string Combine = "global::System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine";

    public static string Emit(string className, IReadOnlyList<ContractModel> contracts, IReadOnlyList<JsonContextModel> contexts)
    {
        var code = new CodeWriter();
        FileHeader.Write(code);
        code.Open("namespace Polywire.Generated");
        code.Line("/// <summary>The contracts of this assembly.</summary>");
        code.Line(FileHeader.Attribute);
        FileHeader.WriteMarks(code, contracts.Any(contract => contract.IsExperimental));
        code.Open($"internal static class {className}");
        code.Line("// The contexts of this project; null asks reflection.");
        code.Line($"private static readonly {Resolver}? Json = {Metadata(contracts, contexts)};");
        code.Blank();
        var isMarked = contracts.Any(contract => contract.IsObsolete);
        foreach (var contract in contracts)
        {
            var arguments = contract.Kind == ContractKind.Action
                ? $"{Literals.Text(contract.Name)}, {contract.Version}, typeof({contract.Input}), Json"
                : $"{Literals.Text(contract.Name)}, Json";
            FileHeader.WriteMark(code, isMarked);
            code.Line($"internal static readonly {Type(contract)} {Field(contract)} = new({arguments});");
            code.Blank();
        }

        code.Close();
        code.Close();
        foreach (var contract in contracts)
        {
            EmitParts(code, className, contract);
        }

        return code.ToString();
    }

    private static string Metadata(IReadOnlyList<ContractModel> contracts, IReadOnlyList<JsonContextModel> contexts)
    {
        var wanted = new HashSet<string>(contracts.SelectMany(contract => contract.JsonTypes), StringComparer.Ordinal);
        var used = contexts.Where(context => context.Type is not null && context.Types.Any(wanted.Contains))
            .Select(context => context.Type + ".Default")
            .Distinct()
            .OrderBy(context => context, StringComparer.Ordinal)
            .ToList();
        return used.Count switch
        {
            0 => "null",
            1 => used[0],
            _ => $"{Combine}({string.Join(", ", used)})",
        };
    }

    private static void EmitParts(CodeWriter code, string className, ContractModel contract)
    {
        if (contract.Namespace.Length > 0)
        {
            code.Open($"namespace {contract.Namespace}");
        }

        // The class of an action's contract holds the input; it is the class itself that has a room or a push.
        var isAction = contract.Kind == ContractKind.Action;
        for (var i = 0; i < contract.Path.Count; i++)
        {
            var isInput = isAction && i == contract.Path.Count - 1;
            if (isAction && i == contract.Path.Count - 2 && contract.Documentation is not null)
            {
                code.Line($"[{Documentation}(\"\", {Literals.Text(contract.Documentation)})]");
            }

            foreach (var text in isInput ? contract.InputDocumentation : default)
            {
                code.Line($"[{Documentation}({text})]");
            }

            code.Open(isInput ? $"{contract.Path[i]} : global::Polywire.IActionInput<{contract.Output}>" : contract.Path[i]);
        }

        var value = $"global::Polywire.Generated.{className}.{Field(contract)}";
        if (isAction)
        {
            code.Line($"{Type(contract)} global::Polywire.IActionInput<{contract.Output}>.Contract => {value};");
        }
        else
        {
            code.Line($"/// <summary>What clients have to know of the {(contract.Kind == ContractKind.Room ? "room" : "push")}.</summary>");
            code.Line(FileHeader.Attribute);
            code.Line($"{contract.Access} static {Type(contract)} {contract.Kind} => {value};");
        }

        for (var i = 0; i < contract.Path.Count + (contract.Namespace.Length > 0 ? 1 : 0); i++)
        {
            code.Close();
        }
    }

    private static string Type(ContractModel contract) => $"global::Polywire.{contract.Kind}Contract<{contract.Output}>";

    private static string Field(ContractModel contract) => $"{contract.Kind}_{contract.Identifier}";
}
