using System.Text;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Protocol;

public class ReadingTests
{
    [Fact]
    public async Task SwitchesToBinaryWithinAReadAndForgivesStrayText()
    {
        byte[] stream =
        [
            .. "{\"type\":\"String\",\"data\":\"text\"}\n"u8,
            .. Wires.Transition,
            .. Frame(FrameKind.Message, false, "Object", "{\"a\":1}"u8),
            .. "{\"type\":\"Object\",\"data\":{\"stray\":1}}\n"u8,
            .. Frame(FrameKind.Message, true, "T", [10, 123, 34, 10]),
            .. Frame(FrameKind.Request, false, "Object", "{\"a\":2}"u8),
        ];
        foreach (var split in Splits.Of(stream))
        {
            var heard = await Wires.HearAsync(split.Pieces);

            heard.Messages.ShouldBe(["String \"text\"", "Object {\"a\":1}", "Object {\"stray\":1}", "TypedBuffer T 0A7B220A", "Object {\"a\":2}"], split.ToString());
            heard.Errors.ShouldBeEmpty(split.ToString());
            heard.Requests.ShouldBe(1);
        }
    }

    [Fact]
    public async Task FindsATerminatorOfSeveralBytesHoweverItIsCut()
    {
        byte[] stream = [.. "{\"type\":\"String\",\"data\":\"a\\nb\"}\r\r\n{\"type\":\"String\",\"data\":\"é\"}\r\n"u8];
        foreach (var split in Splits.Of(stream))
        {
            var heard = await Wires.HearAsync(split.Pieces, options => options.Terminator = SockhopTerminator.Both("\r\n"));

            heard.Messages.ShouldBe(["String \"a\\nb\"", "String \"é\""], split.ToString());
            heard.Errors.ShouldBeEmpty(split.ToString());
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("{\"type\":\"X\"")]
    [InlineData("{\"type\":\"X\"} {}")]
    [InlineData("{\"type\":\"X\",}")]
    public async Task ReportsALineThatIsNoMessageAndGoesOn(string line)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line + "\n{\"type\":\"X\",\"data\":1}\n"));

        heard.Errors.ShouldBe([SockhopErrorCodes.BadBufferData]);
        heard.Messages.ShouldBe(["X 1"]);
    }

    [Theory]
    [InlineData("hello there", "String \"hello there\"")]
    [InlineData("quote \" and é", "String \"quote \\\" and é\"")]
    public async Task DeliversALineThatIsNoJsonAsTextWhereThatIsAllowed(string line, string message)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line + "\n5\n"), options => options.AllowNonObjects = true);

        heard.Messages.ShouldBe([message]);
        heard.Errors.ShouldBe([SockhopErrorCodes.BadBufferData]);
    }

    [Theory]
    [InlineData("{\"type\":\"X\",\"data\":\"\\ud800\"}", "X \"\\ufffd\"")]
    [InlineData("{\"type\":\"X\",\"data\":\"\\ud83d\\ude00\\udc00\\\\ud800\"}", "X \"\\ud83d\\ude00\\ufffd\\\\ud800\"")]
    [InlineData("{\"type\":\"\\u0058\",\"data\":1}", "X 1")]
    [InlineData("{\"type\":\"X\"}", "X nothing")]
    [InlineData("{\"type\":5,\"data\":1}", " 1")]
    [InlineData("{\"data\":1}", " 1")]
    [InlineData("{\"type\":\"Buffer\",\"data\":\"aGk\"}", "Buffer Buffer 6869")]
    [InlineData("{\"type\":\"Buffer\",\"data\":\"a G-\\u006b_K=zz\"}", "Buffer Buffer 686FA4FC")]
    [InlineData("{\"type\":\"Buffer\",\"data\":{\"type\":\"Buffer\",\"data\":[104,105]}}", "Buffer Buffer 6869")]
    [InlineData("{\"type\":\"Buffer\",\"data\":{\"type\":\"Buffer\",\"data\":[104,\"x\"]}}", "Buffer {\"type\":\"Buffer\",\"data\":[104,\"x\"]}")]
    [InlineData("{\"type\":\"Buffer\",\"data\":[1]}", "Buffer [1]")]
    public async Task ReadsWhatJavaScriptWouldRead(string line, string message)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line + "\n"));

        heard.Errors.ShouldBeEmpty();
        heard.Messages.ShouldBe([message]);
    }

    [Fact]
    public async Task ReplacesWhatIsNoUtf8()
    {
        byte[] stream =
        [
            .. "{\"type\":\"X\",\"data\":\""u8, 0xff, .. "\"}\n"u8,
            .. Wires.Transition,
            .. Frame(FrameKind.Message, false, "X", [(byte)'"', 0xc3, (byte)'"']),
        ];

        var heard = await Wires.HearAsync(stream);

        heard.Messages.ShouldBe(["X \"\ufffd\"", "X \"\ufffd\""]);
    }

    [Theory]
    [InlineData("{\"type\":\"X\",\"id\":0}", 0)]
    [InlineData("{\"type\":\"X\",\"id\":0e9}", 0)]
    [InlineData("{\"type\":\"X\",\"id\":\"\"}", 0)]
    [InlineData("{\"type\":\"X\",\"id\":null}", 0)]
    [InlineData("{\"type\":\"X\",\"id\":false}", 0)]
    [InlineData("{\"type\":\"X\",\"id\":\"0\"}", 1)]
    [InlineData("{\"type\":\"X\",\"id\":1.5}", 1)]
    [InlineData("{\"type\":\"X\",\"id\":[]}", 1)]
    [InlineData("{\"type\":\"X\",\"id\":\"a\",\"callback_id\":0}", 1)]
    public async Task TakesForARequestWhatHasATrueId(string line, int requests)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line + "\n"));

        heard.Messages.Count.ShouldBe(1);
        heard.Requests.ShouldBe(requests);
    }

    [Theory]
    [InlineData("{\"type\":\"X\"")]
    [InlineData("{\"type\":\"X\",\"data\":1}")]
    public async Task ReportsAnEndWithinALine(string line)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line));

        heard.Errors.ShouldBe([SockhopErrorCodes.BadBufferData]);
        heard.Messages.ShouldBeEmpty();
        heard.End.Reason.ShouldBe(SockhopCloseReason.RemoteClosed);
    }

    [Fact]
    public async Task ReportsAnEndAnywhereWithinAFrame()
    {
        var frame = Frame(FrameKind.Request, false, "X", "1"u8);
        for (var length = 1; length < frame.Length; length++)
        {
            var heard = await Wires.HearAsync([.. Wires.Transition, .. frame.AsSpan(0, length)]);

            heard.Errors.ShouldBe([SockhopErrorCodes.DeserializeFailed], $"{length} bytes");
            heard.Messages.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ClosesTheConnectionForAFrameOverTheLimitOnly(int over)
    {
        const int Limit = 2000;
        var text = new byte[Limit + over - 1 - 1 - 4];
        text.AsSpan().Fill((byte)'7');
        var heard = await Wires.HearAsync([.. Wires.Transition, .. Frame(FrameKind.Message, false, "X", text)], options => options.MaxMessageSize = Limit);

        heard.Errors.ShouldBe(over > 0 ? [SockhopErrorCodes.MessageTooLarge] : []);
        heard.Messages.Count.ShouldBe(over > 0 ? 0 : 1);
        heard.End.Reason.ShouldBe(over > 0 ? SockhopCloseReason.ProtocolError : SockhopCloseReason.RemoteClosed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ClosesTheConnectionForALineOverTheLimitOnly(int over)
    {
        const int Limit = 2000;
        var line = "{\"type\":\"X\",\"data\":\"" + new string('x', Limit + over - 22) + "\"}";
        line.Length.ShouldBe(Limit + over);
        foreach (var split in Splits.Of(Encoding.ASCII.GetBytes(line + "\r\n")))
        {
            var heard = await Wires.HearAsync(split.Pieces, options =>
            {
                options.MaxMessageSize = Limit;
                options.Terminator = SockhopTerminator.Both("\r\n");
            });

            heard.Errors.ShouldBe(over > 0 ? [SockhopErrorCodes.MessageTooLarge] : [], split.ToString());
            heard.Messages.Count.ShouldBe(over > 0 ? 0 : 1, split.ToString());
        }
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("nul")]
    public async Task ReportsAFrameWhoseJsonIsNoneWhoeverItIsFor(string json)
    {
        foreach (var (kind, type) in new[]
        {
            (FrameKind.Message, "X"), (FrameKind.Request, "X"), (FrameKind.Response, "X"), (FrameKind.Message, "Nobody"), (FrameKind.Message, "SockhopPing"),
        })
        {
            byte[] stream = [.. Wires.Transition, .. Frame(kind, false, type, Encoding.UTF8.GetBytes(json)), .. Frame(FrameKind.Message, false, "X", "1"u8)];

            var heard = await Wires.HearAsync(stream);

            heard.Errors.ShouldBe([SockhopErrorCodes.DeserializeFailed], $"{kind} {type}");
            heard.Messages.ShouldBe(["X 1"]);
        }
    }

    [Fact]
    public async Task EndsAfterTooManyErrorsInARow()
    {
        var options = (SockhopServerOptions options) => { options.MaxProtocolErrors = 3; };

        var many = await Wires.HearAsync("a\nb\nc\n{\"type\":\"X\",\"data\":1}\n"u8.ToArray(), options);
        var few = await Wires.HearAsync("a\nb\n{\"type\":\"X\",\"data\":1}\nc\nd\n"u8.ToArray(), options);

        many.Errors.Last().ShouldBe(SockhopErrorCodes.TooManyErrors);
        many.End.Reason.ShouldBe(SockhopCloseReason.ProtocolError);
        few.Errors.ShouldNotContain(SockhopErrorCodes.TooManyErrors);
        few.Messages.ShouldBe(["X 1"]);
    }

    [Fact]
    public async Task BearsWhateverComes()
    {
        byte[][] corpus =
        [
            "{\"type\":\"String\",\"data\":\"text\",\"id\":\"abc\"}\n{\"type\":\"Buffer\",\"data\":\"aGkK\"}\n"u8.ToArray(),
            "{\"type\":\"SockhopHandshake\",\"data\":{\"protocol_version\":2,\"library_version\":\"2.1.0\",\"request_binary_mode\":true},\"id\":\"a\"}\n"u8.ToArray(),
            "{\"type\":\"SockhopPing\",\"data\":{\"_id\":\"x\",\"_created\":\"y\"}}\n{\"type\":\"SockhopPong\",\"data\":null}\n"u8.ToArray(),
            [.. Wires.Transition, .. Frame(FrameKind.Request, false, "Object", "{\"a\":[1,\"\\ud83d\\ude00\"]}"u8), .. Frame(FrameKind.Message, true, "T", [1, 2, 3])],
            [.. Wires.Transition, .. Frame(FrameKind.Response, false, "Object", "{}"u8), .. Frame(FrameKind.Message, false, "SockhopPing", "{\"_id\":1}"u8)],
            [.. Wires.Transition, .. Frame(FrameKind.Request, true, "SockhopHandshake", [1]), .. "{\"type\":\"Object\",\"data\":1}\n"u8],
        ];
        await Fuzz.RunAsync(corpus, 3000, async bytes =>
        {
            var heard = await Wires.HearAsync(bytes, options => options.MaxMessageSize = 4096);
            heard.End.Reason.ShouldBeOneOf(SockhopCloseReason.RemoteClosed, SockhopCloseReason.ProtocolError);
        });
    }

    internal static byte[] Frame(FrameKind kind, bool isBytes, string type, ReadOnlySpan<byte> data) =>
        new FrameVector(kind, isBytes, type, data.ToArray(), 0, "").Encode();
}
