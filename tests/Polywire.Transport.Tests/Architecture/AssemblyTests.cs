using System.Reflection;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests.Architecture;

public class AssemblyTests
{
    private static readonly Assembly Transport = Assembly.Load("Polywire.Transport");

    [Fact]
    public void EveryLogEventHasAnIdOfItsOwn()
    {
        LogEventIds.ShouldBeUnique(Transport);
    }

    [Fact]
    public void KnowsNoOtherPartOfPolywire()
    {
        Transport.GetReferencedAssemblies().ShouldNotContain(reference => reference.Name!.StartsWith("Polywire", StringComparison.Ordinal));
    }
}
