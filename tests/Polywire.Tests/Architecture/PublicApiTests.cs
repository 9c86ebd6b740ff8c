using System.Reflection;
using Polywire.TestSupport;
using Xunit;

namespace Polywire.Tests.Architecture;

public class PublicApiTests
{
    [Theory]
    [InlineData("Polywire")]
    [InlineData("Polywire.Testing")]
    public void ThePublicSurfaceIsAsCheckedIn(string assembly)
    {
        PublicApi.ShouldMatchFile(Assembly.Load(assembly));
    }
}
