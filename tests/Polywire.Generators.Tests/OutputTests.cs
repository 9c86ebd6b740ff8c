using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;
using Xunit;

namespace Polywire.Generators.Tests;

public sealed class OutputTests
{
    private const string Greet = """
        namespace My.App;

        /// <summary>Greets.</summary>
        [Action("greet"), Use<Log>]
        public sealed class Greet(TimeProvider time) : IAction<Greet.Input, Greet.Output>
        {
            /// <param name="Name">Whom.</param>
            public sealed record Input([property: StringLength(20)] string Name, int Times = 1);

            public sealed record Output(string Text);

            public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
                new(new Output(input.Name + time));
        }

        public sealed class Log : IActionMiddleware
        {
            public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context);
        }
        """;

    [Theory]
    [InlineData("Actions")]
    [InlineData("Inputs")]
    [InlineData("AddActions")]
    public void WritesASmallActionLikeThis(string file)
    {
        var here = Here();
        var run = GeneratorRun.Of(Greet);

        var written = run.File(file + ".g.cs").Replace(typeof(ActionGenerator).Assembly.GetName().Version!.ToString(), "VERSION", StringComparison.Ordinal);
        written = System.Text.RegularExpressions.Regex.Replace(written, "\"[0-9a-f]{16}\"", "\"MARK\"");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            System.IO.File.WriteAllText(Path.Combine(Path.GetDirectoryName(here)!, "Golden", $"Greet.{file}.txt"), written);
            return;
        }

        written.Split('\n').ShouldBe(Golden(file).Split('\n'));
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void WritesAnActionWithoutInputs()
    {
        var run = GeneratorRun.Of("""
            [Action("now")]
            public sealed class Now : IAction<Now.Output>
            {
                public sealed record Output(string Text);

                public ValueTask<Output> RunAsync(ActionContext context, CancellationToken cancellationToken) => new(new Output("now"));
            }
            """);

        run.CompilerDiagnostics.ShouldBeEmpty();
        run.File("Actions.g.cs").ShouldContain("global::Polywire.ActionDescriptor<global::Polywire.NoInput, global::Now.Output> Now()");
    }

    [Theory]
    [InlineData(DocumentationMode.None)]
    [InlineData(DocumentationMode.Parse)]
    [InlineData(DocumentationMode.Diagnose)]
    public void ReadsCommentsWhetherOrNotTheProjectDocuments(DocumentationMode mode)
    {
        var run = GeneratorRun.Of([Greet], "My.App", mode, []);

        run.File("Actions.g.cs").ShouldContain("Description = \"Greets.\"");
        run.File("Inputs.g.cs").ShouldContain("Description = \"Whom.\"");
    }

    [Fact]
    public void WritesTheMethodWhereThereIsNoAction()
    {
        var run = GeneratorRun.Of("");

        run.Files.ShouldBe(["AddActions.g.cs"]);
        run.File("AddActions.g.cs").ShouldContain("public static global::Polywire.IPolywireBuilder AddActions(this global::Polywire.IPolywireBuilder builder)");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void TakesNameAndAccessOfTheMethodFromTheProject()
    {
        var run = GeneratorRun.Of(Greet, ("PolywireAddActionsMethod", "AddCoreActions"), ("PolywireAddActionsAccess", "internal"));

        run.File("AddActions.g.cs").ShouldContain("internal static class My_AppActionsExtensions");
        run.File("AddActions.g.cs").ShouldContain("public static global::Polywire.IPolywireBuilder AddCoreActions(this global::Polywire.IPolywireBuilder builder)");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void LeavesTheMethodToTheReferencedProjectThatHasTheActions()
    {
        var app = GeneratorRun.Of(Greet).Output.ToMetadataReference();

        var tests = GeneratorRun.Of(
            ["using Microsoft.Extensions.DependencyInjection; public class T { public void M(IPolywireBuilder b) => b.AddActions(); }"],
            "My.Tests",
            DocumentationMode.None,
            [app]);

        tests.Files.ShouldBeEmpty();
        tests.CompilerDiagnostics.Where(diagnostic => diagnostic.Id != "CS0433" && diagnostic.Id != "CS0121").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("net-10.0 app", "net_10_0_app")]
    [InlineData("7th", "_7th")]
    public void NamesClassesAfterTheAssembly(string assembly, string identifier)
    {
        var run = GeneratorRun.Of([Greet], assembly, DocumentationMode.None, []);

        run.File("Actions.g.cs").ShouldContain($"internal static class {identifier}_Actions");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("public class In { public int @class { get; init; } public string? @event { get; set; } public int reader { get; init; } public int value { get; init; } }")]
    [InlineData("public class Base { public virtual string? A { get; init; } public int B { get; init; } } public class In : Base { public override string? A { get; init; } public int C { get; init; } }")]
    [InlineData("public class Page<T> { public T[] Items { get; init; } = []; } public class In { public Page<int>? A { get; init; } public Page<string?>? B { get; init; } public Page<string>? C { get; init; } }")]
    [InlineData("public struct In { public int A { get; set; } public string? B; }")]
    [InlineData("public record struct In(int A, string B = \"x\");")]
    [InlineData("public class In { public In(string a, int other = 5) { A = a; } public string A { get; } public TimeSpan B { get; init; } = TimeSpan.MaxValue; }")]
    [InlineData("[method: Obsolete] public record In(int A) { [Obsolete] public int B { get; init; } }")]
    [InlineData("public class In { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public In() { A = 1; } public required int A { get; init; } }")]
    [InlineData("public class In { public In() { } [System.Text.Json.Serialization.JsonConstructor] public In(int a) { } }")]
    [InlineData("public class In { public string Computed => \"\"; public static int S { get; set; } public int this[int i] { get => 1; set { } } private int P { get; set; } public int Q { get; private set; } }")]
    [InlineData("public class In { private int _a = 5; public int A { get => _a; init => _a = value; } public int B { set { } } }")]
    [InlineData("#nullable disable\npublic class In { public string A { get; set; } public string[] B { get; set; } }")]
    [InlineData("public enum E : ulong { A = ulong.MaxValue, a = 1, B_C } public class In { public E X { get; init; } public E? Y { get; init; } = E.a; public Dictionary<string, E[]>? Z { get; init; } }")]
    [InlineData("public class A_B { public class C { public int X { get; init; } } } public class A { public class B_C { public int Y { get; init; } } } public class In { public A_B.C? P { get; init; } public A.B_C? Q { get; init; } }")]
    [InlineData("public class In { [Range(0, 300)] public byte A { get; init; } [Range(-5, 5)] public ulong B { get; init; } [Range(0.5, 1.5)] public long? C { get; init; } [Range(1, 2)] public Half D { get; init; } [Range(1, 2)] public Int128? E { get; init; } [AllowedValues(1.5, 2)] public float F { get; init; } [AllowedValues(1L, 2)] public decimal? G { get; init; } [AllowedValues('a')] public char H { get; init; } [DeniedValues(true)] public bool? I { get; init; } }")]
    [InlineData("public class Node { public Node[] Kids { get; init; } = []; public Dictionary<string, Node>? Map { get; init; } public Other? O { get; init; } } public class Other { public Node? N { get; init; } } public class In { public Other? O { get; init; } public Node? N { get; init; } }")]
    [InlineData("public class In { [MinLength(1)] public System.Collections.Immutable.ImmutableArray<int> A { get; init; } = [1]; [MaxLength(1)] public byte[]? B { get; init; } [MaxLength] public string? C { get; init; } [Length(1, 2)] public IReadOnlyCollection<int>? D { get; init; } [MinLength(1)] public System.Text.Json.Nodes.JsonArray? E { get; init; } [MinLength(1)] public IDictionary<string, int?>? F { get; init; } }")]
    [InlineData("public class In { public TimeSpan A { get; init; } = TimeSpan.Zero; public string B { get; init; } = nameof(A) + 1; public nint? Skip => null; public object C { get; init; } = 5; public double D { get; init; } = double.NaN; public long E { get; init; } = long.MinValue; public int F { get; init; } = default; public string G { get; init; } = default!; }")]
    public void CompilesForInputsLike(string source)
    {
        var run = GeneratorRun.Of(source + "\n#nullable enable\n[Action(\"a\")] public class TheAction : Does<In>;");

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics
            .Where(diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) != false)
            .ShouldBeEmpty();
        run.Output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
    }

    [Fact]
    public void TakesInputsOfAnotherAssembly()
    {
        var contracts = CSharpCompilation.Create(
            "Contracts",
            [CSharpSyntaxTree.ParseText("#nullable enable\npublic record In(string A, int B = 3) { public required int C { get; init; } public string D { get; init; } = \"d\"; public int? E { get; init; } }", cancellationToken: TestContext.Current.CancellationToken)],
            GeneratorRun.Of("").Input.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).ToMetadataReference();

        var run = GeneratorRun.Of(["""[Action("a")] public class A : Does<In>;"""], "My.App", DocumentationMode.None, [contracts]);

        run.CompilerDiagnostics.ShouldBeEmpty();
        run.Diagnostics.ShouldBeEmpty();
        run.File("Inputs.g.cs").ShouldContain("b_1 = 3");
    }

    [Fact]
    public void SaysNothingOfWhatDoesNotCompile()
    {
        var run = GeneratorRun.Of("""public class In { public Missing? X { get; init; } [Unknown, Range(Nope, 2)] public int Y { get; init; } } [Action("a")] public class A : Does<In>; [Action("b")] public class B : Does<Missing2>;""");

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldAllBe(diagnostic => diagnostic.Location.SourceTree == run.Input.SyntaxTrees[1]);
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static string Golden(string file)
    {
        using var stream = typeof(OutputTests).Assembly.GetManifestResourceStream($"Greet.{file}.txt").ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
