using System.Reflection;
using Polywire.TestSupport;
using Xunit;

namespace Polywire.AspNetCore.Tests.Architecture;

public class PublicApiTests
{
    [Fact]
    public void ThePublicSurfaceIsAsCheckedIn()
    {
        PublicApi.ShouldMatchFile(Assembly.Load("Polywire.AspNetCore"));
    }
}
