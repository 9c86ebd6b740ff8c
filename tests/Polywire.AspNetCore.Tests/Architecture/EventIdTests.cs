using System.Reflection;
using Polywire.TestSupport;
using Xunit;

namespace Polywire.AspNetCore.Tests.Architecture;

public class EventIdTests
{
    [Fact]
    public void EveryLogEventHasAnIdOfItsOwn()
    {
        Polywire.TestSupport.EventIds.ShouldBeUnique(Assembly.Load("Polywire.AspNetCore"));
    }
}
