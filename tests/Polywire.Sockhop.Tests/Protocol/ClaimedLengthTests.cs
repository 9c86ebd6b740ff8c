using System.Buffers.Binary;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Protocol;

/// <summary>Runs alone: it counts what the whole process allocates.</summary>
[Collection(nameof(ClaimedLengthTests))]
[CollectionDefinition(nameof(ClaimedLengthTests), DisableParallelization = true)]
public class ClaimedLengthTests
{
    // A connection's own block and what the test makes around it; the least of the large claims below is four times as much.
    private const int Most = 512 << 10;

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(255u)]
    [InlineData(256u)]
    [InlineData(65535u)]
    [InlineData(65536u)]
    [InlineData(2u << 20)]
    [InlineData(256u << 20)]
    [InlineData((256u << 20) + 1)]
    [InlineData(0x7fffffffu)]
    [InlineData(0x80000000u)]
    [InlineData(0xffffffffu)]
    public async Task TakesNoMemoryForALengthThatIsOnlyClaimed(uint length)
    {
        var header = new byte[] { 0, 0, 0, 0, 13, 1 };
        BinaryPrimitives.WriteUInt32LittleEndian(header, length);
        await Wires.HearAsync([.. Wires.Transition, .. header]);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var heard = await Wires.HearAsync([.. Wires.Transition, .. header]);

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(Most);
        heard.Messages.ShouldBeEmpty();
        heard.Errors.ShouldContain(length > 256 << 20 ? SockhopErrorCodes.MessageTooLarge : SockhopErrorCodes.DeserializeFailed);
    }
}
