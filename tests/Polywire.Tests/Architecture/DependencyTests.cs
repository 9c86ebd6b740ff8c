using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Architecture;

/// <summary>Arrows point inwards: the core and the test package know no transport.</summary>
public class DependencyTests
{
    [Theory]
    [InlineData("Polywire")]
    [InlineData("Polywire.Testing")]
    public void KnowsNoTransport(string assembly)
    {
        References(assembly).ShouldNotContain(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        References(assembly).ShouldNotContain("Polywire.AspNetCore");
    }

    [Fact]
    public void TheCoreKnowsNoOtherPartOfPolywireThanTheAbstractions()
    {
        References("Polywire").Where(name => name.StartsWith("Polywire", StringComparison.Ordinal)).ShouldBe(["Polywire.Abstractions"]);
    }

    [Fact]
    public void TheAbstractionsKnowTheFrameworkAlone()
    {
        References("Polywire.Abstractions").ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void NothingIsReferencedByTheProjectOfTheAbstractions()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", "Polywire.Abstractions", "Polywire.Abstractions.csproj"));

        project.Descendants("PackageReference").Concat(project.Descendants("FrameworkReference")).ShouldBeEmpty();
        project.Descendants("ProjectReference").ShouldAllBe(reference => (string?)reference.Attribute("ReferenceOutputAssembly") == "false");
    }

    [Fact]
    public void NobodyHasABackEntranceToTheAbstractions()
    {
        Assembly.Load("Polywire.Abstractions").GetCustomAttributes<InternalsVisibleToAttribute>().ShouldBeEmpty();
    }

    private static string[] References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)];
}
