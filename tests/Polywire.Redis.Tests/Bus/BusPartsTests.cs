using System.Text;
using Polywire.Redis.Bus;
using Polywire.Redis.Connection;
using Polywire.Testing;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Polywire.Redis.Tests.Bus;

public sealed class BusPartsTests
{
    private const string Secret = "a secret of the cluster";

    private static readonly NodeIdentity Node = new("one");

    [Fact]
    public void NO48_ASignatureIsOfHeaderAndBody()
    {
        var bytes = BusMessage.Format(BusType.Say, Node, 1, "", "{}"u8, new BusSignature(Secret));
        BusMessage.Parse(bytes, out var message).ShouldBe(BusFault.None);
        var signature = message.Signature.ToArray();

        new BusSignature(Secret).IsRight(message.Head, "{}"u8, signature).ShouldBeTrue();
        new BusSignature(Secret).IsRight(message.Head, "{ }"u8, signature).ShouldBeFalse();
        new BusSignature(Secret).IsRight(message.Head[1..], "{}"u8, signature).ShouldBeFalse();
        new BusSignature(Secret).IsRight(message.Head, "{}"u8, default).ShouldBeFalse();
        new BusSignature(Secret).IsRight(message.Head, "{}"u8, signature.AsSpan(1)).ShouldBeFalse();
        new BusSignature(Secret + "!").IsRight(message.Head, "{}"u8, signature).ShouldBeFalse();

        Encoding.UTF8.GetString(bytes).ShouldNotContain(Secret);
    }

    [Fact]
    public void NO48_ASignatureIsWhatEverybodyElseComputes()
    {
        var bytes = BusMessage.Format(BusType.Say, Node, 1, "", "{}"u8, new BusSignature(Secret));

        var expected = System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"polywire/1 say one {Node.Epoch} 1\n{{}}"));

        Encoding.UTF8.GetString(bytes).ShouldBe(
            $"polywire/1 say one {Node.Epoch} 1 h={Convert.ToBase64String(expected).TrimEnd('=').Replace('+', '-').Replace('/', '_')}\n{{}}");
    }

    [Fact]
    public void NO47_WhatIsNotAboveTheLastIsADuplicateAndAGapIsCounted()
    {
        var sequence = new BusSequence();

        Note(sequence, 5).ShouldBe((true, 0));
        Note(sequence, 6).ShouldBe((true, 0));
        Note(sequence, 6).ShouldBe((false, 0));
        Note(sequence, 5).ShouldBe((false, 0));
        Note(sequence, 10).ShouldBe((true, 3));
        Note(sequence, 1, "two").ShouldBe((true, 0));
    }

    [Fact]
    public void NO47_IncarnationsThatAreGoneAreForgottenAndTheirNumberHasABound()
    {
        var sequence = new BusSequence();
        Note(sequence, 1, "one");
        Note(sequence, 1, "two");

        sequence.Forget(incarnation => incarnation.StartsWith("one/", StringComparison.Ordinal));
        sequence.Count.ShouldBe(1);
        Note(sequence, 1, "one").ShouldBe((true, 0));
        Note(sequence, 1, "two").ShouldBe((false, 0));

        for (var i = 0; i < 10_000; i++)
        {
            Note(sequence, 1, $"invented-{i}");
        }

        sequence.Count.ShouldBeLessThanOrEqualTo(4096);
    }

    [Fact]
    public void NO47_NumbersCountForEachChannelAndNeverGoBack()
    {
        var keys = new RedisKeys("test:", 0, isSharded: false);
        var numbers = new BusNumbers(capacity: 2);
        var last = new Dictionary<string, long>();
        foreach (var room in new[] { "a", "a", "a", "b", "a", "b", "c", "d", "a", "e", "f", "g", "a", "b", "c" })
        {
            var (channel, sequence) = numbers.Next(BusAddress.Of(BackplaneChannel.Room(room)), keys);

            ((string?)channel).ShouldBe($"test:bus:room:{room}");
            sequence.ShouldBeGreaterThan(last.GetValueOrDefault(room));
            last[room] = sequence;
        }

        var fresh = new BusNumbers();
        Enumerable.Range(0, 3).Select(_ => fresh.Next(BusAddress.All, keys).Sequence).ShouldBe([1, 2, 3]);
        fresh.Next(BusAddress.Node("x"), keys).Sequence.ShouldBe(1);
    }

    [Fact]
    public void NO51_TheOutboxKeepsTheNewestInOrder()
    {
        var time = new ManualTimeProvider();
        var outbox = new BusOutbox(3, TimeSpan.FromSeconds(5), time);

        new[] { 1, 2, 4, 3, 5 }.Sum(order => outbox.Add(Letter(order, time))).ShouldBe(2);

        outbox.Count.ShouldBe(3);
        outbox.TakeAll(out var dropped).Select(letter => letter.Order).ShouldBe([3, 4, 5]);
        (dropped, outbox.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void NO51_WhatWaitedForTooLongIsNotSent()
    {
        var time = new ManualTimeProvider();
        var outbox = new BusOutbox(10, TimeSpan.FromSeconds(5), time);
        outbox.Add(Letter(1, time));
        time.Advance(TimeSpan.FromSeconds(1));
        outbox.Add(Letter(2, time));
        time.Advance(TimeSpan.FromMilliseconds(4001));

        outbox.TakeAll(out var dropped).Select(letter => letter.Order).ShouldBe([2]);
        dropped.ShouldBe(1);
    }

    [Fact]
    public void NO51_AnOutboxThatIsOffKeepsNothing()
    {
        var time = new ManualTimeProvider();
        foreach (var off in new[] { new BusOutbox(0, TimeSpan.FromSeconds(5), time), new BusOutbox(10, TimeSpan.Zero, time) })
        {
            off.Add(Letter(1, time)).ShouldBe(1);
            off.TakeAll(out _).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("""{"message":"hi","room":"röom"}""", true)]
    [InlineData("""{"room":"r\u00f6om","message":{"room":"other"}}""", true)]
    [InlineData("""{"room":"other"}""", false)]
    [InlineData("""{"message":{"room":"röom"}}""", false)]
    [InlineData("""{"message":1}""", false)]
    [InlineData("""{"room":1}""", false)]
    [InlineData("""{"room":"röom","room":"other"}""", false)]
    [InlineData("""{"room":"röom" """, false)]
    [InlineData("""{"room":"röom"}{}""", false)]
    [InlineData("""["room"]""", false)]
    [InlineData("not json", false)]
    [InlineData("", false)]
    public void NO46_WhatIsSaidIsWholeAndOfItsRoom(string body, bool isOfRoom) =>
        BusBody.IsOfRoom(Encoding.UTF8.GetBytes(body), "röom").ShouldBe(isOfRoom);

    [Fact]
    public void NO46_QuestionsAndAnswersAreReadAsTheyWereWritten()
    {
        BusBody.TryReadAsk(BusBody.Ask("a.\"b", """[1,{"x":"y"}]"""u8), out var method, out var arguments).ShouldBeTrue();
        (method, Text(arguments)).ShouldBe(("a.\"b", """[1,{"x":"y"}]"""));

        BusBody.TryReadAnswer(BusBody.Result("[true]"u8), "n", out var answer).ShouldBeTrue();
        (answer!.Node, Text(answer.Result), answer.Error).ShouldBe(("n", "[true]", null));
        BusBody.TryReadAnswer(BusBody.Error("nö"), "n", out answer).ShouldBeTrue();
        (answer!.Result.Length, answer.Error).ShouldBe((0, "nö"));
        foreach (var none in new[] { BusBody.None, BusBody.Unknown })
        {
            BusBody.TryReadAnswer(none, "n", out answer).ShouldBeTrue();
            answer.ShouldBeNull();
        }

        foreach (var bad in new[] { "", "{}", "[]", """{"error":1}""", """{"result":""", "x" })
        {
            BusBody.TryReadAnswer(Encoding.UTF8.GetBytes(bad), "n", out _).ShouldBeFalse(bad);
            BusBody.TryReadAsk(Encoding.UTF8.GetBytes(bad), out _, out _).ShouldBeFalse(bad);
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static BusLetter Letter(long order, TimeProvider time) =>
        new() { Channel = RedisChannel.Literal("x"), Bytes = [], Order = order, AcceptedAt = time.GetTimestamp() };

    private static (bool IsNew, long Lost) Note(BusSequence sequence, long number, string id = "one")
    {
        BusMessage.Parse(Encoding.UTF8.GetBytes($"polywire/1 say {id} 0123456789ab {number}\n"), out var message).ShouldBe(BusFault.None);
        var isNew = sequence.TryNote(message, out var incarnation, out var lost);
        incarnation.ShouldBe($"{id}/0123456789ab");
        return (isNew, lost);
    }
}
