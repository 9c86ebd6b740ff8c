using System.Text.Json;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>Every example of the guide compiles as it stands.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Pages => [.. GuidePage.Files];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryExampleCompiles(string file)
    {
        var page = GuidePage.Read(file);

        // A project of tests has fewer namespaces by itself than one of the web.
        var implicitUsings = page.Name == "testing" ? ImplicitUsings.Sdk : ImplicitUsings.WebSdk;
        var complaints = page.In("csharp").SelectMany(block => ExampleCompiler.Complaints(
            block.IsProgram ? ExampleCompiler.CompileProgram(block, ImplicitUsings.WebSdk) : ExampleCompiler.Compile(page, block, implicitUsings)));

        string.Join('\n', complaints).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryJsonParses(string file)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };

        foreach (var block in GuidePage.Read(file).In("json"))
        {
            Should.NotThrow(() => JsonDocument.Parse(block.Text, options).Dispose(), block.ToString());
        }
    }

    [Fact]
    public void AMistakeIsSeen()
    {
        var page = new GuidePage("x.md", [new GuideBlock("x.md", 7, "csharp", "builder.AddPolywire();\n\nawait cache.SaveAsync(1);\n")]);

        var complaint = ExampleCompiler.Complaints(ExampleCompiler.Compile(page, page.Blocks[0], ImplicitUsings.WebSdk)).First();

        complaint.ShouldStartWith("x.md:9: CS");
    }
}
