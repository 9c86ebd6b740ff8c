using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Polywire.Generators;
using Polywire.TestSupport;

namespace Polywire.Guide.Tests;

/// <summary>Compiles examples, with the generator, against what the tests themselves refer to.</summary>
/// <remarks>
/// A program stands alone. Everything else may use the types of the other examples of its page, and what <c>Given/Common.cs</c> and
/// <c>Given/PAGE.cs</c> declare: the things that a reader has and the page does not show. The parts of a type that a page shows one by one are
/// compiled together, and what the project file of the page does not want to be warned of is left out.
/// </remarks>
internal static partial class ExampleCompiler
{
    public static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithDocumentationMode(DocumentationMode.None);

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Polywire.Guide.Tests", "Given");

    // Compilations that descend from one read the references once.
    private static readonly CSharpCompilation Root = CSharpCompilation.Create(
        "Guide",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is not ("Polywire.Generators" or "Polywire.Guide.Tests" or "Polywire.TestSupport")
                && !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    // As the SDK hands it to every project.
    private static readonly Lazy<ISourceGenerator[]> JsonGenerators = new(static () =>
    {
        var dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        var file = Directory.EnumerateFiles(Path.Combine(dotnet, "packs", "Microsoft.NETCore.App.Ref"), "System.Text.Json.SourceGeneration.dll", SearchOption.AllDirectories)
            .First(path => path.Contains($"{Path.DirectorySeparatorChar}{Environment.Version.Major}.", StringComparison.Ordinal));
        return [.. Assembly.LoadFrom(file).GetTypes()
            .Where(type => type.IsDefined(typeof(GeneratorAttribute), inherit: false))
            .Select(type => ((IIncrementalGenerator)type.GetConstructor(Type.EmptyTypes)!.Invoke(null)).AsSourceGenerator())];
    });

    /// <summary>Compiles a program.</summary>
    /// <param name="others">Files beside it.</param>
    public static Compilation CompileProgram(GuideBlock block, params string[] others) =>
        Compile(OutputKind.ConsoleApplication, [$"#line {block.Line} \"{block.File}\"\n{block.Text}", .. others]);

    /// <summary>Compiles what is no program.</summary>
    public static Compilation Compile(GuidePage page, GuideBlock block, string implicitUsings)
    {
        var own = new Example(block);
        var others = page.In("csharp").Where(other => other != block && !other.IsProgram).Select(other => new Example(other)).ToArray();
        var given = new[] { "Common", page.Name }.Select(name => Path.Combine(Folder, name + ".cs")).Where(File.Exists).Select(File.ReadAllText).ToArray();
        var usings = others.TakeWhile(other => other.Block.Line < block.Line).SelectMany(other => other.Usings).Append("using Polywire;").ToArray();

        var sources = new List<string> { implicitUsings, own.ToSource(usings) };
        var found = own.TypeNames.ToHashSet(StringComparer.Ordinal);
        var parts = new HashSet<MemberDeclarationSyntax>();
        var wanted = new Queue<IReadOnlySet<string>>([own.Words, .. given.Select(text => Example.WordsOf(SyntaxFactory.ParseCompilationUnit(text, options: ParseOptions)))]);
        while (wanted.TryDequeue(out var words))
        {
            // The nearest one before wins, as it does for a reader.
            foreach (var (other, type) in others.Reverse().OrderBy(other => other.Block.Line > block.Line).SelectMany(other => other.Types.Select(type => (other, type))))
            {
                if (words.Contains(Example.NameOf(type)) && (Example.IsPart(type) ? parts.Add(type) : found.Add(Example.NameOf(type))))
                {
                    var theirs = others.Append(own).Where(above => above.Block.Line <= other.Block.Line).SelectMany(above => above.Usings);
                    sources.Add(string.Concat(usings.Concat(theirs).Distinct().Select(directive => directive + "\n")) + other.TypeSource(type));
                    wanted.Enqueue(Example.WordsOf(type));
                }
            }
        }

        var compilation = Compile(OutputKind.DynamicallyLinkedLibrary, [.. sources, .. given.Select(text => Without(text, found))]);
        var unwanted = page.In("xml").SelectMany(project => NoWarn().Matches(project.Text)).SelectMany(match => match.Groups["id"].Captures)
            .Select(id => id.Value).Distinct().ToDictionary(id => id, _ => ReportDiagnostic.Suppress);
        return compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(unwanted));
    }

    /// <summary>What a reader's build would stop at or complain of.</summary>
    public static IEnumerable<string> Complaints(Compilation compilation) =>
        compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning && (diagnostic.Id is "CS0618" or "CS4014" || diagnostic.Id.StartsWith("PW", StringComparison.Ordinal))))
            .Select(diagnostic =>
            {
                var at = diagnostic.Location.GetMappedLineSpan();
                return $"{at.Path}:{at.StartLinePosition.Line + 1}: {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
            });

    private static Compilation Compile(OutputKind kind, params string[] sources)
    {
        var compilation = Root
            .WithOptions(Root.Options.WithOutputKind(kind))
            .AddSyntaxTrees(sources.Select((text, index) => CSharpSyntaxTree.ParseText(text, ParseOptions, $"File{index}.cs", System.Text.Encoding.UTF8)));
        CSharpGeneratorDriver.Create([new ActionGenerator().AsSourceGenerator(), .. JsonGenerators.Value], parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        return diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            ? throw new InvalidOperationException(string.Join('\n', diagnostics.Select(diagnostic => $"{diagnostic.Location.GetMappedLineSpan()}: {diagnostic}")))
            : output;
    }

    // What the page declares itself is not given.
    private static string Without(string source, HashSet<string> names)
    {
        var root = SyntaxFactory.ParseCompilationUnit(source, options: ParseOptions);
        var shown = root.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && names.Contains(Example.NameOf(member)));
        return root.RemoveNodes(shown, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
    }

    [GeneratedRegex(@"<NoWarn>\$\(NoWarn\)(?:;(?<id>\w+))+</NoWarn>")]
    private static partial Regex NoWarn();
}
