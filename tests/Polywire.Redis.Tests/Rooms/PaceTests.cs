using Polywire.Redis.Rooms;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class PaceTests
{
    [Fact]
    public async Task NO37_SoManyInASecondAndNoMore()
    {
        var time = new ManualTimeProvider();
        var pace = new Pace(1000, time);

        var first = pace.WaitAsync(500, default);
        var second = pace.WaitAsync(500, default);
        first.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromMilliseconds(500));
        await first.WithinLimit();
        second.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromMilliseconds(500));
        await second.WithinLimit();
        pace.WaitAsync(0, default).IsCompleted.ShouldBeTrue();
    }
}
