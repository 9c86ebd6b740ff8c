using System.Text;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.AspNetCore.WebSockets.Upgrade;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.AspNetCore.Tests.WebSockets.ClientFrame;

namespace Polywire.AspNetCore.Tests.WebSockets.Frames;

/// <summary>Compressed messages (RFC 7692).</summary>
public class MessageDeflateTests
{
    // "Hello" as section 7.2.3.1 shows it.
    private static readonly byte[] Hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];

    [Fact]
    public void ReadsTheExampleOfTheSpecification_HoweverItIsCut()
    {
        foreach (var split in Splits.Of(Of(Fin | Rsv1 | Text, Hello)))
        {
            string.Join("; ", FrameFeeder.Feed(split, isCompressing: true)).ShouldBe("message Hello", split.Name);
        }

        byte[] fragments = [.. Of(Rsv1 | Text, Hello[..3]), .. Of(Fin | Ping, "x"), .. Of(Fin | Continuation, Hello[3..])];
        FrameFeeder.Feed(new Split("fragments", [fragments]), isCompressing: true).ShouldBe(["ping x", "message Hello"]);
    }

    [Fact]
    public void ReadsAFinalBlock_AndAStoredOne()
    {
        // Sections 7.2.3.3 and 7.2.3.4.
        FrameFeeder.Feed(new Split("stored", [Of(Fin | Rsv1 | Text, [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00])]), isCompressing: true)
            .ShouldBe(["message Hello"]);
        FrameFeeder.Feed(new Split("final", [Of(Fin | Rsv1 | Text, [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00])]), isCompressing: true)
            .ShouldBe(["message Hello"]);
    }

    [Fact]
    public void ReadsPlainMessagesToo_WhereCompressionIsOn()
    {
        FrameFeeder.Feed(new Split("plain", [Message("plain")]), isCompressing: true).ShouldBe(["message plain"]);
    }

    [Fact]
    public void RefusesTheBitWhereItCannotStand()
    {
        FrameFeeder.Feed(new Split("continuation", [new byte[][] { Of(Text, "a"), Of(Fin | Rsv1 | Continuation, "b") }.SelectMany(x => x).ToArray()]), isCompressing: true)
            .ShouldBe(["violation"]);
        FrameFeeder.Feed(new Split("ping", [Of(Fin | Rsv1 | Ping, "")]), isCompressing: true).ShouldBe(["violation"]);
    }

    [Fact]
    public void RefusesWhatIsNotCompressed()
    {
        FrameFeeder.Feed(new Split("rubbish", [Of(Fin | Rsv1 | Text, [0xff, 0xff, 0xff, 0xff])]), isCompressing: true).ShouldBe(["invalid"]);
    }

    [Fact]
    public void StopsABombAtTheLimit()
    {
        var bomb = MessageDeflate.Compress(new byte[10_000_000]).ToArray();
        bomb.Length.ShouldBeLessThan(100_000);

        FrameFeeder.Feed(new Split("bomb", [Of(Fin | Rsv1 | Text, bomb)]), limit: 100_000, isCompressing: true).ShouldBe(["too big"]);
        FrameFeeder.Feed(new Split("no bomb", [Of(Fin | Rsv1 | Text, bomb)]), limit: 10_000_000, isCompressing: true)[0].Length.ShouldBe(10_000_008);
    }

    [Fact]
    public void WhatItWritesItReads()
    {
        var random = new Random(Seed.Value);
        foreach (var length in (int[])[1, 1023, 1024, 65_535, 65_536, 300_000])
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(' ', 127)));

            var frame = Of(Fin | Rsv1 | Text, MessageDeflate.Compress(Encoding.UTF8.GetBytes(text)).ToArray());

            FrameFeeder.Feed(new Split("whole", [frame]), limit: 300_000, isCompressing: true).Single().ShouldBe("message " + text, $"{length}, {Seed.Variable}={Seed.Value}");
        }
    }

    [Theory]
    [InlineData("permessage-deflate", "")]
    [InlineData("permessage-deflate; client_max_window_bits", "")]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", "")]
    [InlineData("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15")]
    [InlineData("permessage-deflate; server_max_window_bits=10", null)]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate", "")]
    [InlineData("permessage-deflate; server_max_window_bits", null)]
    [InlineData("permessage-deflate; client_max_window_bits=7", null)]
    [InlineData("permessage-deflate; client_max_window_bits=\"12\"", "")]
    [InlineData("permessage-deflate; unheard_of", null)]
    [InlineData("permessage-deflate; client_max_window_bits; client_max_window_bits", null)]
    [InlineData("x-webkit-deflate-frame", null)]
    [InlineData("", null)]
    public void AcceptsTheOffersThatItCanKeep(string offer, string? added) =>
        DeflateOffer.Answer(offer).ShouldBe(added is null ? null : $"permessage-deflate; server_no_context_takeover; client_no_context_takeover{added}");
}
