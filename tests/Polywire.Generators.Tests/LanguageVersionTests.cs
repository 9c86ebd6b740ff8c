using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;
using Xunit;

namespace Polywire.Generators.Tests;

/// <summary>What is generated compiles in every version of the language that the framework's projects are written in.</summary>
public sealed class LanguageVersionTests
{
    private static readonly string[] Older = ["Arguments.cs", "Collections.cs", "Defaults.cs", "JsonNames.cs", "Marked.cs", "Names.cs", "OverPosting.cs", "Steps.cs", "Contracts.cs", "Shape.cs"];

    public static TheoryData<LanguageVersion> Versions => [LanguageVersion.CSharp12, LanguageVersion.CSharp13, LanguageVersion.Preview];

    [Theory]
    [MemberData(nameof(Versions))]
    public void CompilesAllShapes(LanguageVersion version)
    {
        var run = GeneratorRun.Of([.. Older.Select(Source)], "Polywire.Generators.Shapes", version);

        run.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        run.Output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true))
            .Select(diagnostic => diagnostic.ToString())
            .ShouldBeEmpty();
    }

    private static string Source(string file)
    {
        using var stream = typeof(LanguageVersionTests).Assembly.GetManifestResourceStream("Shapes." + file).ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
