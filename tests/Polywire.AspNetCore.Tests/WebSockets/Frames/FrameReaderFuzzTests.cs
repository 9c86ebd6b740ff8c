using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.AspNetCore.Tests.WebSockets.ClientFrame;

namespace Polywire.AspNetCore.Tests.WebSockets.Frames;

/// <summary>Compares the reader with the plainest way of saying what it does, on frames that were spoiled.</summary>
public class FrameReaderFuzzTests
{
    private static readonly byte[][] Corpus =
    [
        [.. Message("""{"event":"detailsView","messageId":1}"""), .. Message("\"primus::pong::1\"")],
        [.. Of(Text, "{\"event\":"), .. Of(Fin | Ping, "life"), .. Of(Fin | Continuation, "\"say\"}"), .. Message("5")],
        [.. Of(Binary, [1, 2, 0x7f]), .. Of(Continuation, []), .. Of(Fin | Continuation, [9]), .. Closing(1000, "bye")],
        [.. Message(new string('x', 130)), .. Of(Fin | Pong, ""), .. Message("grüße ☃")],
        [.. Of(Fin | Text, new byte[7], lengthBytes: 2), .. Of(Fin | Text, new byte[7], lengthBytes: 8)],
        [.. Of(Text, new string('a', 150)), .. Of(Continuation, new string('b', 100)), .. Of(Fin | Continuation, new string('c', 40))],
    ];

    [Fact]
    public void FindsTheSame_HoweverTheBytesArrive()
    {
        Fuzz.Run(Corpus, 3000, input =>
        {
            var random = new Random(input.Length);
            var expected = FrameFeeder.Expected(input);

            FrameFeeder.Feed(new Split("whole", [input])).ShouldBe(expected);
            FrameFeeder.Feed(Cut(input, () => 1)).ShouldBe(expected);
            FrameFeeder.Feed(Cut(input, () => random.Next(0, 6))).ShouldBe(expected);
            FrameFeeder.Feed(Cut(input, () => random.Next(1, 60))).ShouldBe(expected);
        });
    }

    private static Split Cut(byte[] input, Func<int> next)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(next(), input.Length - at);
            pieces.Add(input.AsMemory(at, length));
            at += length;
        }

        return new Split("cut", pieces);
    }
}
