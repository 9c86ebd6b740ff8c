using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Polywire.Generators.Emission;
using Polywire.Generators.Models;
using Polywire.Generators.Parsing;

namespace Polywire.Generators;

/// <summary>
/// Writes, for the <c>[Action]</c> classes of a project, their descriptors, their binders and the method that adds them; for contracts, what
/// clients need of them.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ActionGenerator : IIncrementalGenerator
{
    /// <summary>The MSBuild property that names the method; <c>AddActions</c> where it is not set.</summary>
    public const string MethodProperty = "build_property.PolywireAddActionsMethod";

    /// <summary>The MSBuild property that says whether the method is <c>public</c>, which it is by default, or <c>internal</c>.</summary>
    public const string AccessProperty = "build_property.PolywireAddActionsAccess";

    /// <summary>The framework's own property that switches JSON reflection off.</summary>
    public const string ReflectionProperty = "build_property.JsonSerializerIsReflectionEnabledByDefault";

    internal const string ParsedStep = "ParsedActions";
    internal const string ModelStep = "ActionModels";
    internal const string ContractStep = "ContractModels";
    internal const string DiagnosticStep = "ActionDiagnostics";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName("Polywire.ActionAttribute", static (node, _) => node is TypeDeclarationSyntax, ActionParser.Parse)
            .Where(static action => action is not null)
            .WithTrackingName(ParsedStep);

        // Places in files change with every line that is typed; what is emitted does not look at them.
        var models = parsed
            .Where(static action => action!.Model is not null)
            .Select(static (action, _) => action!.Model!)
            .Collect()
            .Select(static (actions, _) => new EquatableArray<ActionModel>(Order(actions)))
            .WithTrackingName(ModelStep);
        var registration = context.CompilationProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => Registration(pair.Left, pair.Right));
        var contexts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                "System.Text.Json.Serialization.JsonSerializableAttribute",
                static (node, _) => node is TypeDeclarationSyntax,
                JsonCoverage.Parse)
            .Collect()
            .Select(static (contexts, _) => new EquatableArray<JsonContextModel>(
                contexts.OrderBy(one => one.Type, StringComparer.Ordinal)));
        var contracts = Contracts(context, "Polywire.ActionContractAttribute", ContractParser.ParseAction)
            .Combine(Contracts(context, "Polywire.RoomContractAttribute", ContractParser.ParseRoom))
            .Combine(Contracts(context, "Polywire.PushContractAttribute", ContractParser.ParsePush))
            .Select(static (all, _) => new EquatableArray<ParsedContract>(all.Left.Left.Concat(all.Left.Right).Concat(all.Right)));
        var contractModels = parsed
            .Where(static action => action!.Contract is not null)
            .Select(static (action, _) => action!.Contract!)
            .Collect()
            .Combine(contracts)
            .Select(static (pair, _) => new EquatableArray<ContractModel>(
                Order(pair.Left.Concat(pair.Right.Select(contract => contract.Model).OfType<ContractModel>()))))
            .WithTrackingName(ContractStep);
        var diagnostics = parsed
            .Select(static (action, _) => new Findings(action!.Identity, action.Diagnostics))
            .Collect()
            .Combine(contracts)
            .Combine(registration)
            .Combine(contexts)
            .SelectMany(static (pair, _) => DiagnosticReview.Of(pair.Left.Left.Left, pair.Left.Left.Right, pair.Left.Right, pair.Right))
            .WithTrackingName(DiagnosticStep);

        // In the tree itself, so that "#pragma warning disable" is heeded.
        context.RegisterSourceOutput(
            diagnostics.Combine(context.CompilationProvider),
            static (output, pair) => output.ReportDiagnostic(pair.Left.ToDiagnostic(pair.Right)));
        context.RegisterSourceOutput(models.Combine(registration), static (output, pair) => Emit(output, pair.Left, pair.Right));
        context.RegisterSourceOutput(
            contractModels.Combine(contexts).Combine(registration),
            static (output, pair) => EmitContracts(output, pair.Left.Left, pair.Left.Right, pair.Right));
    }

    private static IncrementalValueProvider<ImmutableArray<ParsedContract>> Contracts(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, ParsedContract?> parse) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(attribute, static (node, _) => node is TypeDeclarationSyntax, parse)
            .Where(static contract => contract is not null)
            .Select(static (contract, _) => contract!)
            .Collect();

    private static void EmitContracts(
        SourceProductionContext output,
        EquatableArray<ContractModel> contracts,
        EquatableArray<JsonContextModel> contexts,
        RegistrationModel registration)
    {
        if (contracts.Count > 0)
        {
            output.AddSource("Contracts.g.cs", Text(ContractsEmitter.Emit(registration.Assembly + "_Contracts", contracts, contexts)));
        }
    }

    private static void Emit(SourceProductionContext output, EquatableArray<ActionModel> actions, RegistrationModel registration)
    {
        var actionsName = registration.Assembly + "_Actions";
        var inputsName = registration.Assembly + "_Inputs";
        var mark = new ContentMark();
        if (actions.Count > 0)
        {
            output.AddSource("Inputs.g.cs", Text(mark.Add(InputsEmitter.Emit(inputsName, actions))));
            output.AddSource("Actions.g.cs", Text(mark.Add(ActionsEmitter.Emit(actionsName, inputsName, actions))));
        }

        if (registration.IsServer
            && SyntaxFacts.IsValidIdentifier(registration.MethodName)
            && (actions.Count > 0 || !registration.IsOffered))
        {
            output.AddSource("AddActions.g.cs", Text(RegistrationEmitter.Emit(registration, actionsName, actions, mark)));
        }
    }

    private static SourceText Text(string code) => SourceText.From(code, Encoding.UTF8);

    // Partial classes and duplicates come more than once; the rest of a duplicate's trouble is told by its diagnostic.
    private static IEnumerable<ActionModel> Order(ImmutableArray<ActionModel> actions) =>
        actions
            .OrderBy(action => action.Name, StringComparer.Ordinal)
            .ThenBy(action => action.VersionKey, StringComparer.Ordinal)
            .ThenBy(action => action.Type, StringComparer.Ordinal)
            .GroupBy(action => action.Identifier, StringComparer.Ordinal)
            .Select(group => group.First());

    private static IEnumerable<ContractModel> Order(IEnumerable<ContractModel> contracts) =>
        contracts
            .OrderBy(contract => contract.Identifier, StringComparer.Ordinal)
            .ThenBy(contract => contract.Kind)
            .GroupBy(contract => (contract.Identifier, contract.Kind))
            .Select(group => group.First());

    private static RegistrationModel Registration(Compilation compilation, AnalyzerConfigOptionsProvider options)
    {
        var method = options.GlobalOptions.TryGetValue(MethodProperty, out var name) && name.Trim().Length > 0 ? name.Trim() : "AddActions";
        var access = options.GlobalOptions.TryGetValue(AccessProperty, out var given) && given.Trim() == "internal" ? "internal" : "public";
        var reflects = !options.GlobalOptions.TryGetValue(ReflectionProperty, out var reflection)
            || !string.Equals(reflection.Trim(), "false", StringComparison.OrdinalIgnoreCase);
        return new RegistrationModel(
            Names.Assembly(compilation.AssemblyName),
            method,
            access,
            IsOffered(compilation, method),
            reflects,
            compilation.GetTypeByMetadataName("Polywire.IPolywireBuilder") is not null);
    }

    private static bool IsOffered(Compilation compilation, string method)
    {
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "Polywire"))
                && assembly.GetTypeByMetadataName(
                    "Microsoft.Extensions.DependencyInjection." + RegistrationModel.ClassNameOf(Names.Assembly(assembly.Name))) is { } type
                && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly)
                && type.GetMembers(method).Length > 0)
            {
                return true;
            }
        }

        return false;
    }
}
