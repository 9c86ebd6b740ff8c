using System.Reflection;
using Polywire.TestSupport;
using Xunit;

namespace Polywire.Tests.Architecture;

public class EventIdTests
{
    [Fact]
    public void EveryLogEventHasAnIdOfItsOwn()
    {
        LogEventIds.ShouldBeUnique(Assembly.Load("Polywire"));
    }
}
