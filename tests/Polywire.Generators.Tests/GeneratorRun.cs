using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Polywire.Generators.Tests;

/// <summary>Runs the generator over sources.</summary>
internal sealed class GeneratorRun
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.ComponentModel.DataAnnotations;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Polywire;

        public abstract class Does<TInput> : IAction<TInput, string>
        {
            public ValueTask<string> RunAsync(TInput input, ActionContext context, CancellationToken cancellationToken) => new("");
        }

        public sealed record Nothing;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("xunit", StringComparison.Ordinal))
            .Where(path => Path.GetFileName(path) is not ("Polywire.Generators.dll" or "Polywire.Generators.Tests.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<MetadataReference> ContractReferences =
        [.. References.Where(reference => !Path.GetFileName(reference.Display!).StartsWith("Polywire", StringComparison.Ordinal)
            || Path.GetFileName(reference.Display) == "Polywire.Abstractions.dll")];

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation compilation)
    {
        Driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        Output = output;
        Input = compilation;
    }

    public GeneratorDriver Driver { get; }

    public CSharpCompilation Input { get; }

    public Compilation Output { get; }

    public IReadOnlyList<Diagnostic> Diagnostics => Driver.GetRunResult().Diagnostics;

    /// <summary>What the compiler thinks of the whole, warnings included.</summary>
    public IEnumerable<Diagnostic> CompilerDiagnostics =>
        Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    public string File(string name) =>
        Driver.GetRunResult().Results.Single().GeneratedSources.Single(source => source.HintName == name).SourceText.ToString();

    public IEnumerable<string> Files => Driver.GetRunResult().Results.Single().GeneratedSources.Select(source => source.HintName);

    public IEnumerable<(string Step, IncrementalStepRunReason Reason)> Reasons(string step) =>
        Driver.GetRunResult().Results.Single().TrackedSteps.TryGetValue(step, out var runs)
            ? runs.SelectMany(run => run.Outputs).Select(output => (step, output.Reason))
            : [];

    public IEnumerable<IncrementalStepRunReason> OutputReasons =>
        Driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(run => run.Outputs).Select(output => output.Reason);

    public static GeneratorRun Of(string source, params (string Name, string Value)[] properties) =>
        Of([source], "My.App", DocumentationMode.None, [], properties);

    public static GeneratorRun Of(
        string[] sources,
        string assembly,
        DocumentationMode documentation,
        IEnumerable<MetadataReference> references,
        params (string Name, string Value)[] properties) =>
        Of(sources, assembly, LanguageVersion.Preview, documentation, references, properties);

    public static GeneratorRun Of(string[] sources, string assembly, LanguageVersion version) =>
        Of(sources, assembly, version, DocumentationMode.None, []);

    /// <summary>Runs over a project that refers to nothing of Polywire than the abstractions.</summary>
    public static GeneratorRun OfContracts(string source, params (string Name, string Value)[] properties) =>
        Of(
            ["using System; using System.Collections.Generic; using System.IO; using Polywire;\n" + source],
            "My.Contracts",
            LanguageVersion.CSharp12,
            DocumentationMode.None,
            ContractReferences,
            properties);

    /// <summary>The compiled project, as others refer to it: without its comments.</summary>
    public MetadataReference ToReference()
    {
        using var image = new MemoryStream();
        var result = Output.Emit(image);
        return result.Success
            ? MetadataReference.CreateFromImage(image.ToArray())
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static GeneratorRun Of(
        string[] sources,
        string assembly,
        LanguageVersion version,
        DocumentationMode documentation,
        IEnumerable<MetadataReference> references,
        params (string Name, string Value)[] properties) =>
        Of([.. sources.Prepend(Usings)], assembly, version, documentation, References.AddRange(references), properties);

    private static GeneratorRun Of(
        ImmutableArray<string> sources,
        string assembly,
        LanguageVersion version,
        DocumentationMode documentation,
        ImmutableArray<MetadataReference> references,
        params (string Name, string Value)[] properties)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(version).WithDocumentationMode(documentation);
        var trees = sources.Select((text, index) => CSharpSyntaxTree.ParseText(text, parse, $"File{index}.cs"));
        var compilation = CSharpCompilation.Create(
            assembly,
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(
            [new ActionGenerator().AsSourceGenerator()],
            parseOptions: parse,
            optionsProvider: new Options(properties.ToImmutableDictionary(pair => "build_property." + pair.Name, pair => pair.Value)),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorRun(driver, compilation);
    }

    /// <summary>Runs again over changed sources.</summary>
    public GeneratorRun Again(Func<CSharpCompilation, CSharpCompilation> change) => new(Driver, change(Input));

    private sealed class Options(ImmutableDictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Global(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Global(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}
