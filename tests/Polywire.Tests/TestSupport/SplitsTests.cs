using System.Buffers;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.TestSupport;

public class SplitsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(Splits.Exhaustive + 1)]
    public void EverySplitHoldsThePayload(int length)
    {
        var payload = Payload(length);

        foreach (var split in Splits.Of(payload))
        {
            split.ToSequence().ToArray().ShouldBe(payload, split.Name);
            split.Pieces.SelectMany(piece => piece.ToArray()).ShouldBe(payload, split.Name);
        }
    }

    [Fact]
    public void CutsAShortPayloadAtEveryIndex()
    {
        var splits = Splits.Of(Payload(3)).ToDictionary(split => split.Name, split => split.Pieces.Select(piece => piece.Length).ToArray());

        splits["whole"].ShouldBe([3]);
        splits["byte by byte"].ShouldBe([1, 1, 1]);
        splits["byte by byte, with empty pieces"].ShouldBe([1, 0, 1, 0, 1, 0, 0]);
        splits["in two at 0"].ShouldBe([0, 3]);
        splits["in two at 1"].ShouldBe([1, 2]);
        splits["in two at 2"].ShouldBe([2, 1]);
        splits["in two at 3"].ShouldBe([3, 0]);
        splits.Count.ShouldBe(7);
    }

    [Fact]
    public void CutsALongPayloadAtRandomAndNamesTheSeed()
    {
        var names = Splits.Of(Payload(Splits.Exhaustive + 1)).Select(split => split.Name).ToArray();

        names.ShouldContain($"at random, {Seed.Variable}={Seed.Value}");
        names.ShouldContain("whole");
        names.ShouldContain("byte by byte");
    }

    [Fact]
    public void ASegmentChainGrowsUnderAPositionTakenEarlier()
    {
        var chain = new SegmentChain();
        chain.ToSequence().IsEmpty.ShouldBeTrue();
        chain.Append(Payload(2));
        var position = chain.ToSequence().GetPosition(1);

        chain.Append(Payload(3));

        chain.ToSequence().Slice(position).Length.ShouldBe(4);
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)index)];
}
