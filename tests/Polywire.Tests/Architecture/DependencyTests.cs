using System.Reflection;
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
    public void TheCoreKnowsNoOtherPartOfPolywire()
    {
        References("Polywire").ShouldNotContain(name => name.StartsWith("Polywire", StringComparison.Ordinal));
    }

    private static string[] References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)];
}
