using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;
using Xunit;

namespace Polywire.Generators.Tests;

public sealed class IncrementalityTests
{
    private const string Action = """
        public class In { public string? X { get; init; } public Inner? Y { get; init; } }
        [Action("a")] public class A : Does<In>;
        """;

    private const string Warned = """[Action("w")] public class W : Does<Win>; public class Win { [Phone] public string? X { get; init; } }""";

    private const string Inner = "public class Inner { public int Z { get; init; } }";

    [Theory]
    [InlineData("// nothing\npublic class Unrelated { public int More => 1; }")]
    [InlineData("")]
    public void UsesEverythingAgainAfterAChangeElsewhere(string text)
    {
        var run = Start("public class Unrelated;").Again(compilation => Replace(compilation, 3, text));

        run.Reasons(ActionGenerator.ModelStep).ShouldNotBeEmpty();
        run.Reasons(ActionGenerator.ModelStep).ShouldAllBe(step => IsUnchanged(step.Reason));
        run.Reasons(ActionGenerator.DiagnosticStep).ShouldAllBe(step => IsUnchanged(step.Reason));
        run.OutputReasons.ShouldNotBeEmpty();
        run.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void UsesContractsAgainAfterAChangeElsewhere()
    {
        const string contract = """
            [ActionContract("t")] public static partial class T { public sealed partial record Input; public sealed record Output; }
            [RoomContract("r")] public static partial class R { public sealed record Message; }
            """;

        var run = Start(contract).Again(compilation => Replace(compilation, 3, "\n// moved\n" + contract));

        run.Reasons(ActionGenerator.ContractStep).ShouldNotBeEmpty();
        run.Reasons(ActionGenerator.ContractStep).ShouldAllBe(step => IsUnchanged(step.Reason));
        run.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void WritesNothingAnewWhenOnlyLinesMove()
    {
        var run = Start(Warned).Again(compilation => Replace(compilation, 3, "\n\n" + Warned));

        run.Reasons(ActionGenerator.ModelStep).ShouldAllBe(step => IsUnchanged(step.Reason));
        run.Reasons(ActionGenerator.DiagnosticStep).ShouldContain(step => step.Reason == IncrementalStepRunReason.Modified);
        run.Diagnostics.ShouldHaveSingleItem().Location.GetLineSpan().StartLinePosition.Line.ShouldBe(2);
    }

    [Fact]
    public void WritesAnewWhenANestedRecordInAnotherFileChanges()
    {
        var run = Start("").Again(compilation => Replace(compilation, 2, "public class Inner { public long Z { get; init; } }"));

        run.Reasons(ActionGenerator.ModelStep).ShouldContain(step => step.Reason == IncrementalStepRunReason.Modified);
        run.File("Inputs.g.cs").ShouldContain("ToInteger<long>");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void WritesTheSameWhateverTheOrderOfFiles()
    {
        string[] sources = [Action, Inner, """[Action("b")] public class B : Does<Inner>;""", """[Action("a", Version = 2)] public class C : Does<Nothing>;"""];

        var forward = GeneratorRun.Of(sources, "My.App", DocumentationMode.Parse, []);
        var backward = GeneratorRun.Of([.. sources.Reverse()], "My.App", DocumentationMode.Parse, []);

        forward.Files.ShouldBe(["Inputs.g.cs", "Actions.g.cs", "AddActions.g.cs"], ignoreOrder: true);
        foreach (var file in forward.Files)
        {
            backward.File(file).ShouldBe(forward.File(file));
        }
    }

    [Theory]
    [InlineData("""[Action("b")] public class B : Does<In>;""")]
    [InlineData("public class Inner { public long Z { get; init; } }", 2)]
    [InlineData("""[Action("a")] [Get("/a")] public class A : Does<In>; public class In { public Inner? Y { get; init; } }""", 1)]
    public void RestartsAnApplicationUnderHotReloadWhenTheActionsChange(string text, int index = 3)
    {
        var before = Start("");

        var after = before.Again(compilation => Replace(compilation, index, text));

        // A constant is what no running application can be given another value of.
        Mark(after).ShouldNotBe(Mark(before));
        after.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void LetsHotReloadDoWhatChangesCodeAlone()
    {
        var before = Start("");

        var after = before.Again(compilation => Replace(compilation, 3, "public class Unrelated { public int More => 1; }"));

        Mark(after).ShouldBe(Mark(before));
    }

    private static string Mark(GeneratorRun run) =>
        run.File("AddActions.g.cs").Split('\n').Single(line => line.Contains("private const string RestartsHotReload", StringComparison.Ordinal));

    private static GeneratorRun Start(string unrelated) => GeneratorRun.Of([Action, Inner, unrelated], "My.App", DocumentationMode.None, []);

    private static CSharpCompilation Replace(CSharpCompilation compilation, int index, string text)
    {
        var old = compilation.SyntaxTrees[index];
        return compilation.ReplaceSyntaxTree(
            old, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)old.Options, old.FilePath, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static bool IsUnchanged(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
