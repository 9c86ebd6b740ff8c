using Polywire.AspNetCore.LiveView;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.LiveView;

public sealed class LiveTokensTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void ATokenIsGoodForHalfAMinute()
    {
        var tokens = new LiveTokens(_time);
        var token = tokens.Create();

        tokens.IsGood(token).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(30));
        tokens.IsGood(token).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        tokens.IsGood(token).ShouldBeFalse();
    }

    [Fact]
    public void ATokenOfAnotherProcessIsNot() => new LiveTokens(_time).IsGood(new LiveTokens(_time).Create()).ShouldBeFalse();

    [Fact]
    public void NothingMadeUpIs()
    {
        var tokens = new LiveTokens(_time);
        var token = tokens.Create();
        var end = token.Split('.')[0];

        foreach (var bad in (string[])["", ".", end, end + ".", "9" + token, token + "A", token[..^1], "-1." + token, "x" + token, "+" + token, " " + token])
        {
            tokens.IsGood(bad).ShouldBeFalse(bad);
        }
    }
}
