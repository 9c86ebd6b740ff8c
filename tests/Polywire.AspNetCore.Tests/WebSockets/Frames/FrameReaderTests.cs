using System.Text;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.AspNetCore.Tests.WebSockets.ClientFrame;

namespace Polywire.AspNetCore.Tests.WebSockets.Frames;

/// <summary>The cases of RFC 6455 that a server meets, each whole, cut at every byte and byte by byte.</summary>
public class FrameReaderTests
{
    /// <summary>Name, bytes, what is found. The number is the section of RFC 6455.</summary>
    public static TheoryData<string, byte[], string[]> Cases
    {
        get
        {
            var cases = new TheoryData<string, byte[], string[]>();
            var x125 = new string('x', 125);
            var x126 = new string('x', 126);
            Add("5.6 a text message", Message("hello"), "message hello");
            Add("5.6 an empty text message", Message(""), "message ");
            Add("5.6 a binary message", Of(Fin | Binary, "bytes"), "message bytes");
            Add("5.2 the longest of the short lengths", Message(x125), "message " + x125);
            Add("5.2 the shortest length of two bytes", Message(x126), "message " + x126);
            Add("5.2 a length that is written longer than it has to be", Of(Fin | Text, "ab"u8.ToArray(), lengthBytes: 8), "message ab");
            Add("5.2 a length with its highest bit set", Head(Fin | Text, 1UL << 63, 8), "violation");
            Add("5.2 a length over the limit", Head(Fin | Text, FrameFeeder.Limit + 1, 2), "too big");
            Add("5.2 a length beyond all memory", Head(Fin | Text, long.MaxValue, 8), "too big");
            Add("5.2 a length at the limit", Message(new string('y', FrameFeeder.Limit)), "message " + new string('y', FrameFeeder.Limit));
            Add("5.3 every byte under another byte of the mask", Of(Fin | Text, "abcdefgh"u8.ToArray(), mask: 0x01020408), "message abcdefgh");
            Add("5.1 a frame that is not masked", [Fin | Text, 2, (byte)'h', (byte)'i'], "violation");
            Add("5.1 an empty frame that is not masked", [Fin | Text, 0], "violation");
            Add("5.2 reserved bit 1 without an extension", Of(Fin | Rsv1 | Text, "hi"), "violation");
            Add("5.2 reserved bit 2", Of(Fin | 0x20 | Text, "hi"), "violation");
            Add("5.2 reserved bit 3", Of(Fin | 0x10 | Text, "hi"), "violation");
            foreach (var opcode in (int[])[3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
            {
                Add($"5.2 opcode {opcode}", Of(Fin | opcode, "hi"), "violation");
                Add($"5.2 opcode {opcode}, after a message", [.. Message("a"), .. Of(Fin | opcode, "")], "message a", "violation");
            }

            Add("5.4 two fragments", [.. Of(Text, "hel"), .. Of(Fin | Continuation, "lo")], "message hello");
            Add("5.4 empty fragments", [.. Of(Text, ""), .. Of(Continuation, ""), .. Of(Fin | Continuation, "")], "message ");
            Add("5.4 an empty last fragment", [.. Of(Text, "ab"), .. Of(Fin | Continuation, "")], "message ab");
            Add("5.4 many fragments", [.. Of(Text, "0"), .. "1234567"u8.ToArray().SelectMany(d => Of(Continuation, [d])), .. Of(Fin | Continuation, "8")], "message 012345678");
            Add("5.4 a binary message in fragments", [.. Of(Binary, "ab"), .. Of(Fin | Continuation, "cd")], "message abcd");
            Add("5.4 a ping between fragments", [.. Of(Text, "a"), .. Of(Fin | Ping, "p"), .. Of(Fin | Continuation, "b")], "ping p", "message ab");
            Add("5.4 a pong between fragments", [.. Of(Text, "a"), .. Of(Fin | Pong, ""), .. Of(Fin | Continuation, "b")], "pong ", "message ab");
            Add("5.4 a close between fragments", [.. Of(Text, "a"), .. Closing(1000)], "close \x03\xe8");
            Add("5.4 a continuation of nothing", Of(Fin | Continuation, "x"), "violation");
            Add("5.4 an unfinished continuation of nothing", Of(Continuation, "x"), "violation");
            Add("5.4 a continuation after a whole message", [.. Message("a"), .. Of(Fin | Continuation, "b")], "message a", "violation");
            Add("5.4 a new text within a message", [.. Of(Text, "a"), .. Message("b")], "violation");
            Add("5.4 a new binary within a message", [.. Of(Text, "a"), .. Of(Binary, "b")], "violation");
            Add("5.4 fragments that add up to the limit", [.. Of(Text, new string('a', 200)), .. Of(Fin | Continuation, new string('b', 100))], "message " + new string('a', 200) + new string('b', 100));
            Add("5.4 fragments that add up to more", [.. Of(Text, new string('a', 200)), .. Of(Fin | Continuation, new string('b', 101))], "too big");
            Add("5.5 a ping without a payload", Of(Fin | Ping, ""), "ping ");
            Add("5.5 a ping with the longest payload", Of(Fin | Ping, x125), "ping " + x125);
            Add("5.5 a ping with a payload that is no text", Of(Fin | Ping, [0xff, 0xfe]), "ping \xff\xfe");
            Add("5.5 a ping that is too long", Of(Fin | Ping, x126), "violation");
            Add("5.5 a pong that is too long", Of(Fin | Pong, x126), "violation");
            Add("5.5 a close that is too long", Of(Fin | Close, x126), "violation");
            Add("5.5 a ping in fragments", Of(Ping, "a"), "violation");
            Add("5.5 a close in fragments", Of(Close, ""), "violation");
            Add("5.5 a pong that nobody asked for", Of(Fin | Pong, "x"), "pong x");
            Add("5.5 many pings", [.. Enumerable.Range(0, 5).SelectMany(i => Of(Fin | Ping, $"{i}"))], "ping 0", "ping 1", "ping 2", "ping 3", "ping 4");
            Add("5.5.1 a close without a code", Of(Fin | Close, ""), "close ");
            Add("5.5.1 a close with code and reason", Closing(4001, "bye"), "close \x0f\xa1" + "bye");
            Add("8.1 text that is UTF-8", Message("grüße ☃ 😀"), "message " + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("grüße ☃ 😀")));
            Add("8.1 a character across fragments", [.. Of(Text, [0xe2, 0x98]), .. Of(Fin | Continuation, [0x83])], "message \xe2\x98\x83");
            Add("8.1 a byte that is no UTF-8", Of(Fin | Text, [0xff]), "invalid");
            Add("8.1 a character cut short", Of(Fin | Text, [0xe2, 0x98]), "invalid");
            Add("8.1 half a surrogate pair", Of(Fin | Text, [0xed, 0xa0, 0x80]), "invalid");
            Add("8.1 an overlong encoding", Of(Fin | Text, [0xc0, 0xaf]), "invalid");
            Add("8.1 a code point beyond the last", Of(Fin | Text, [0xf4, 0x90, 0x80, 0x80]), "invalid");
            Add("8.1 no UTF-8 in fragments", [.. Of(Text, "ok"), .. Of(Fin | Continuation, [0xff])], "invalid");
            Add("8.1 the character U+FFFE", Message("\ufffe"), "message \xef\xbf\xbe");
            Add("two messages at once", [.. Message("a"), .. Message("b")], "message a", "message b");
            Add("half a head", [0x81]);
            Add("a head without its payload", Head(Fin | Text, 5, 0));
            Add("half a payload", Message("hello")[..^2]);
            return cases;

            void Add(string name, byte[] bytes, params string[] found) => cases.Add(name, bytes, found);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FindsWhatIsThere_HoweverItIsCut(string name, byte[] bytes, string[] found)
    {
        var expected = string.Join("; ", found);
        string.Join("; ", FrameFeeder.Expected(bytes)).ShouldBe(expected, name);
        foreach (var split in Splits.Of(bytes))
        {
            string.Join("; ", FrameFeeder.Feed(split)).ShouldBe(expected, $"{name}, {split.Name}");
        }
    }

    [Fact]
    public void TellsAViolationByTheFirstTwoBytes()
    {
        FrameFeeder.Feed(new Split("two bytes", [new byte[] { 0x83, 0x80 }])).ShouldBe(["violation"]);
        FrameFeeder.Feed(new Split("two bytes", [new byte[] { 0x89, 0xfe }])).ShouldBe(["violation"]);
    }

    [Fact]
    public void TellsAMessageOverTheLimitBeforeItComes()
    {
        FrameFeeder.Feed(new Split("head", [Head(Fin | Text, 10_485_761, 8)]), limit: 10_485_760).ShouldBe(["too big"]);
    }

    [Fact]
    public void PutsTogetherALargeMessage_InSmallPieces()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)('a' + (i % 26))));
        byte[] bytes = [.. Of(Text, text[..100]), .. Of(Continuation, text[100..50_000]), .. Of(Fin | Continuation, text[50_000..])];

        var pieces = bytes.Chunk(7).Select(piece => (ReadOnlyMemory<byte>)piece).ToArray();

        FrameFeeder.Feed(new Split("sevens", pieces), limit: 60_000).ShouldBe(["message " + text]);
    }

    [Fact]
    public void HoldsNothingBetweenMessages()
    {
        var reader = new FrameReader(1000, isCompressing: false);
        var control = new byte[FrameHeader.MaxControlBytes];
        var buffer = new System.Buffers.ReadOnlySequence<byte>([.. Of(Text, "a"), .. Of(Fin | Continuation, "b")]);

        reader.TryRead(ref buffer, control, out _, out var message).ShouldBe(FrameResult.Message);

        message!.Release();
        reader.IsInMessage.ShouldBeFalse();
    }
}
