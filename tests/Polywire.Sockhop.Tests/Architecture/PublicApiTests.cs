using System.Reflection;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Architecture;

public class PublicApiTests
{
    [Fact]
    public void ThePublicSurfaceIsAsCheckedIn()
    {
        PublicApi.ShouldMatchFile(Assembly.Load("Polywire.Sockhop"));
    }

    [Fact]
    public void TheLibraryStandsAlone()
    {
        Assembly.Load("Polywire.Sockhop").GetReferencedAssemblies().Select(reference => reference.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }
}
