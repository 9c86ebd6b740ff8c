using System.Text;
using Polywire.Redis.Bus;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class BusMessageTests
{
    private const string Epoch = "0123456789ab";

    private static readonly NodeIdentity Node = new("node.1:a@b_c-D");

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "Form" },
        { "garbage", "Form" },
        { "\n", "Form" },
        { "polywire/1", "Form" },
        { "polywire/1\n{}", "Form" },
        { "polywire/\n{}", "Form" },
        { "polywire/0 say x 0123456789ab 1\n{}", "Form" },
        { "polywire/01 say x 0123456789ab 1\n{}", "Form" },
        { "polywire/one say x 0123456789ab 1\n{}", "Form" },
        { "POLYWIRE/1 say x 0123456789ab 1\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 1", "Form" },
        { "polywire/1  say x 0123456789ab 1\n{}", "Form" },
        { "polywire/1 say  x 0123456789ab 1\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 1 \n{}", "Form" },
        { "polywire/1 say x 0123456789ab\n{}", "Form" },
        { "polywire/1 say x 0123456789ab NaN\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 0\n{}", "Form" },
        { "polywire/1 say x 0123456789ab -1\n{}", "Form" },
        { "polywire/1 say x 0123456789ab +1\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 01\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 1.5\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 99999999999999999999\n{}", "Form" },
        { "polywire/1 say x y 1\n{}", "Form" },
        { "polywire/1 say x 0123456789AB 1\n{}", "Form" },
        { "polywire/1 say x! 0123456789ab 1\n{}", "Form" },
        { "polywire/1 say ä 0123456789ab 1\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 id=\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 id=a/b\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 id=a id=b\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 within=soon\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 =a\n{}", "Form" },
        { "polywire/1 ask x 0123456789ab 1 name\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 1 h=\n{}", "Form" },
        { "polywire/1 say x 0123456789ab 1 h=abc more=1\n{}", "Form" },
        { "polywire/2 say x 0123456789ab 1\n{}", "Version" },
        { "polywire/99 say x y 1\n{}", "Version" },
        { "polywire/10000000000000000000000\n{}", "Version" },
        { "polywire/1 dance x y 1\n{}", "Type" },
        { "polywire/1 Say x 0123456789ab 1\n{}", "Type" },
    };

    [Fact]
    public void NO46_AHeaderIsReadWhole()
    {
        var bytes = Encoding.UTF8.GetBytes($"polywire/1 ask {Node.Id} {Epoch} 17 id=Abc-_9 new=what=ever within=5000 h=xyz\n{{\"a\":1}}");

        BusMessage.Parse(bytes, out var message).ShouldBe(BusFault.None);

        message.Type.ShouldBe(BusType.Ask);
        Text(message.Id).ShouldBe(Node.Id);
        Text(message.Epoch).ShouldBe(Epoch);
        message.Sequence.ShouldBe(17);
        Text(message.Question).ShouldBe("Abc-_9");
        message.WithinMilliseconds.ShouldBe(5000);
        Text(message.Signature).ShouldBe("xyz");
        Text(message.Head).ShouldBe($"polywire/1 ask {Node.Id} {Epoch} 17 id=Abc-_9 new=what=ever within=5000");
        Text(bytes.AsSpan(message.BodyStart)).ShouldBe("{\"a\":1}");
    }

    [Fact]
    public void NO46_WhatIsWrittenIsRead()
    {
        foreach (var type in Enum.GetValues<BusType>())
        {
            foreach (var signature in new[] { null, new BusSignature("sixteen bytes at least") })
            {
                var bytes = BusMessage.Format(type, Node, 999_999_999_999_999_999, " id=q within=1", "body\nand more"u8, signature);

                BusMessage.Parse(bytes, out var message).ShouldBe(BusFault.None);

                (message.Type, message.Sequence, Text(message.Question), message.WithinMilliseconds).ShouldBe((type, 999_999_999_999_999_999, "q", 1));
                (Text(message.Id), Text(message.Epoch)).ShouldBe((Node.Id, Node.Epoch));
                Text(bytes.AsSpan(message.BodyStart)).ShouldBe("body\nand more");
                message.Signature.Length.ShouldBe(signature is null ? 0 : BusSignature.Length);
            }
        }
    }

    [Fact]
    public void NO46_TheLineIsAsItIsSpecified() =>
        Text(BusMessage.Format(BusType.Say, Node, 3, "", """{"room":"r"}"""u8, null)).ShouldBe($"polywire/1 say {Node.Id} {Node.Epoch} 3\n{{\"room\":\"r\"}}");

    [Theory]
    [MemberData(nameof(Malformed))]
    public void NO46_WhatIsNoMessageIsToldByItsReason(string text, string fault) =>
        BusMessage.Parse(Encoding.UTF8.GetBytes(text), out _).ToString().ShouldBe(fault);

    [Fact]
    public void NO46_AMessageThatIsCutAnywhereIsNone()
    {
        var bytes = BusMessage.Format(BusType.Answer, Node, 12, " id=abc", "{}"u8, new BusSignature("sixteen bytes at least"));
        var header = bytes.AsSpan().IndexOf((byte)'\n');

        for (var length = 0; length <= header; length++)
        {
            BusMessage.Parse(bytes.AsSpan(0, length), out _).ShouldBe(BusFault.Form, $"cut at {length}");
        }

        BusMessage.Parse(bytes.AsSpan(0, header + 1), out var whole).ShouldBe(BusFault.None);
        whole.BodyStart.ShouldBe(header + 1);
    }

    [Fact]
    public void NO46_AHeaderHasABound()
    {
        var start = $"polywire/1 say x {Epoch} 1 more=";
        var longest = start + new string('x', BusMessage.MaxHeaderBytes - start.Length);

        BusMessage.Parse(Encoding.UTF8.GetBytes(longest + "\n{}"), out _).ShouldBe(BusFault.None);
        BusMessage.Parse(Encoding.UTF8.GetBytes(longest + "x\n{}"), out _).ShouldBe(BusFault.Form);
        BusMessage.Parse(Encoding.UTF8.GetBytes(new string('x', 100_000)), out _).ShouldBe(BusFault.Form);
    }

    [Fact]
    public void NO46_NothingThatComesThrows()
    {
        byte[][] corpus =
        [
            BusMessage.Format(BusType.Say, Node, 1, "", """{"message":"hi","room":"room"}"""u8, null),
            BusMessage.Format(BusType.Ask, Node, 22, " id=abcdefghijklmnopqrstuv within=5000", """{"method":"m","args":[1,"two"]}"""u8, new BusSignature("sixteen bytes at least")),
            BusMessage.Format(BusType.Answer, Node, 333, " id=abcdefghijklmnopqrstuv", """{"result":{"a":[]}}"""u8, null),
            BusMessage.Format(BusType.Answer, Node, 4, " id=abcdefghijklmnopqrstuv", """{"error":"no"}"""u8, null),
        ];
        var signature = new BusSignature("sixteen bytes at least");
        var sequence = new BusSequence();

        Fuzz.Run(corpus, 20_000, bytes =>
        {
            if (BusMessage.Parse(bytes, out var message) != BusFault.None)
            {
                return;
            }

            var body = bytes.AsMemory(message.BodyStart);
            signature.IsRight(message.Head, body.Span, message.Signature);
            sequence.TryNote(message, out _, out var lost);
            lost.ShouldBeGreaterThanOrEqualTo(0);
            BusBody.IsOfRoom(body.Span, "room");
            BusBody.TryReadAsk(body, out _, out _);
            BusBody.TryReadAnswer(body, "node", out _);
        });
    }

    [Fact]
    public void AMessageIsWrittenIntoOneArray()
    {
        var body = new byte[500];
        BusMessage.Format(BusType.Say, Node, 1, "", body, null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = BusMessage.Format(BusType.Say, Node, 1, "", body, null);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Its header, and a box where the code is not optimised yet.
        allocated.ShouldBeLessThanOrEqualTo(bytes.Length + 64);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
