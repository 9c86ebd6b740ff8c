using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.TestSupport;

public sealed class UntilTests
{
    [Fact]
    public Task EndsWhenItIsSo()
    {
        var looks = 0;
        return Until.TrueAsync(() => ++looks == 3).WithinLimit();
    }

    [Fact]
    public async Task LooksNoMoreWhenItHasGivenUp()
    {
        var looks = 0;

        var given = await Should.ThrowAsync<TimeoutException>(() => Until.TrueAsync(() => ++looks < 0, TimeSpan.Zero)).WithinLimit();

        given.Message.ShouldContain("++looks < 0");
        var before = looks;
        await Task.Yield();
        looks.ShouldBe(before);
    }

    [Fact]
    public async Task TellsWhatTheConditionThrows() =>
        await Should.ThrowAsync<InvalidOperationException>(() => Until.TrueAsync(() => throw new InvalidOperationException())).WithinLimit();
}
