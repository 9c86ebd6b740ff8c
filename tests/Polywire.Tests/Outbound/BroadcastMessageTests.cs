using System.Text;
using Polywire.Doors;
using Polywire.Outbound;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Outbound;

public class BroadcastMessageTests
{
    [Fact]
    public void AllReceiversOfAFormatGetTheSameBytes_HoweverManyAskAtOnce()
    {
        var format = new Lined();
        for (var round = 0; round < 200; round++)
        {
            var message = new BroadcastMessage("{}"u8.ToArray());
            var seen = new ReadOnlyMemory<byte>[16];

            Parallel.For(0, seen.Length, new ParallelOptions { MaxDegreeOfParallelism = seen.Length }, i => seen[i] = message.For(format));

            foreach (var bytes in seen)
            {
                bytes.ShouldBe(seen[0]);
                Encoding.UTF8.GetString(bytes.Span).ShouldBe("{}\n");
            }
        }
    }

    private sealed class Lined : WireFormat
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json) => (byte[])[.. json.Span, (byte)'\n'];
    }
}
