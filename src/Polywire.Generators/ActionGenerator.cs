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

/// <summary>Writes, for the <c>[Action]</c> classes of a project, their descriptors, their binders and the method that adds them.</summary>
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
        var coverage = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                "System.Text.Json.Serialization.JsonSerializableAttribute",
                static (node, _) => node is TypeDeclarationSyntax,
                JsonCoverage.Parse)
            .Collect()
            .Select(static (contexts, _) => new EquatableArray<string>(
                contexts.SelectMany(types => types).Distinct().OrderBy(type => type, StringComparer.Ordinal)));
        var diagnostics = parsed
            .Select(static (action, _) => new Findings(action!.Identity, action.Diagnostics))
            .Collect()
            .Combine(registration)
            .Combine(coverage)
            .SelectMany(static (pair, _) => Review(pair.Left.Left, pair.Left.Right, pair.Right))
            .WithTrackingName(DiagnosticStep);

        // In the tree itself, so that "#pragma warning disable" is heeded.
        context.RegisterSourceOutput(
            diagnostics.Combine(context.CompilationProvider),
            static (output, pair) => output.ReportDiagnostic(pair.Left.ToDiagnostic(pair.Right)));
        context.RegisterSourceOutput(models.Combine(registration), static (output, pair) => Emit(output, pair.Left, pair.Right));
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

        if (SyntaxFacts.IsValidIdentifier(registration.MethodName) && (actions.Count > 0 || !registration.IsOffered))
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

    private static RegistrationModel Registration(Compilation compilation, AnalyzerConfigOptionsProvider options)
    {
        var method = options.GlobalOptions.TryGetValue(MethodProperty, out var name) && name.Trim().Length > 0 ? name.Trim() : "AddActions";
        var access = options.GlobalOptions.TryGetValue(AccessProperty, out var given) && given.Trim() == "internal" ? "internal" : "public";
        var reflects = !options.GlobalOptions.TryGetValue(ReflectionProperty, out var reflection)
            || !string.Equals(reflection.Trim(), "false", StringComparison.OrdinalIgnoreCase);
        return new RegistrationModel(Names.Assembly(compilation.AssemblyName), method, access, IsOffered(compilation, method), reflects);
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

    private static IEnumerable<DiagnosticInfo> Review(
        ImmutableArray<Findings> findings, RegistrationModel registration, EquatableArray<string> coverage)
    {
        var diagnostics = findings.SelectMany(finding => finding.Diagnostics).ToList();
        var identities = findings.Select(finding => finding.Identity).OfType<ActionIdentity>()
            .OrderBy(identity => identity.Type, StringComparer.Ordinal)
            .ToList();
        foreach (var same in identities.GroupBy(identity => (identity.Name, identity.VersionKey)))
        {
            foreach (var further in same.Skip(1))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Diagnostics.DuplicateAction,
                    further.Location,
                    new EquatableArray<string>([further.Name, further.VersionKey, same.First().Type])));
            }
        }

        foreach (var versions in identities.GroupBy(identity => identity.Name, StringComparer.Ordinal))
        {
            if (versions.FirstOrDefault(identity => identity.IsTextVersion) is { } word
                && versions.Any(identity => !identity.IsTextVersion))
            {
                diagnostics.Add(new DiagnosticInfo(Diagnostics.MixedVersions, word.Location, new EquatableArray<string>([word.Name])));
            }
        }

        if (!SyntaxFacts.IsValidIdentifier(registration.MethodName))
        {
            diagnostics.Add(new DiagnosticInfo(Diagnostics.MethodName, null, new EquatableArray<string>([registration.MethodName])));
        }

        if (!registration.HasJsonReflection)
        {
            var covered = new HashSet<string>(coverage, StringComparer.Ordinal);
            foreach (var identity in identities.Where(identity => identity.JsonKey is not null && !covered.Contains(identity.JsonKey)))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Diagnostics.NoJsonMetadata,
                    identity.Location,
                    new EquatableArray<string>([identity.JsonKey!.Replace("global::", ""), identity.Type])));
            }
        }

        return diagnostics.Distinct();
    }

    private sealed record Findings(ActionIdentity? Identity, EquatableArray<DiagnosticInfo> Diagnostics);
}
