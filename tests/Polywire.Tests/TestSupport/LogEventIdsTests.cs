using Microsoft.Extensions.Logging;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.TestSupport;

public partial class LogEventIdsTests
{
    [Fact]
    public void BearsIdsThatDiffer()
    {
        Should.NotThrow(() => LogEventIds.ShouldBeUnique([typeof(First)]));
    }

    [Fact]
    public void NamesTheMethodsThatShareAnId()
    {
        var exception = Should.Throw<InvalidOperationException>(() => LogEventIds.ShouldBeUnique([typeof(First), typeof(Second)]));

        exception.Message.ShouldContain("id 2: ");
        exception.Message.ShouldContain("First.Two");
        exception.Message.ShouldContain("Second.AlsoTwo");
        exception.Message.ShouldNotContain("First.One");
    }

    private static partial class First
    {
        [LoggerMessage(1, LogLevel.Information, "one")]
        public static partial void One(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "two")]
        public static partial void Two(ILogger logger);
    }

    private static partial class Second
    {
        [LoggerMessage(2, LogLevel.Information, "two again")]
        public static partial void AlsoTwo(ILogger logger);
    }
}
