using System.Reflection;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Architecture;

public class DependencyTests
{
    [Fact]
    public void TheLibraryStandsAlone()
    {
        Assembly.Load("Polywire.Sockhop").GetReferencedAssemblies().Select(reference => reference.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }
}
