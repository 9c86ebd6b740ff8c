using Polywire.Sockhop.Peer;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Peer;

/// <summary>Every message of the handshake in every state of it.</summary>
public class HandshakeTests
{
    private const string Node = """{"protocol_version":2,"library_version":"2.1.0","request_binary_mode":true}""";
    private const string Polywire = """{"protocol_version":2,"library_version":"polywire/1.0.0","request_binary_mode":true}""";
    private const string Granted = """{"allow_binary_mode":true}""";
    private const string Denied = """{"allow_binary_mode":false}""";

    [Fact]
    public void AsksFirst()
    {
        var parts = Begun();

        parts.Wire.Text.ShouldStartWith("""{"type":"SockhopHandshake","data":{"protocol_version":2,"library_version":"polywire/""");
        parts.Wire.Text.ShouldContain("\"request_binary_mode\":true},\"id\":\"");
        Told(parts).ShouldBe("");
    }

    [Theory]
    [InlineData(Node, true, Granted)]
    [InlineData(Node, false, Denied)]
    [InlineData("""{"request_binary_mode":false}""", true, Denied)]
    [InlineData("{}", true, "{}")]
    public void AnswersAQuestion_AlsoTheSecond(string question, bool allow, string answer)
    {
        var parts = Begun(options => options.AllowBinaryMode = allow);
        for (var i = 1; i <= 2; i++)
        {
            Question(parts, question, i);

            parts.Wire.Written[i].ShouldBe($$"""{"type":"Object","data":{{answer}},"callback_id":"{{i}}"}""" + "\n");
        }

        Told(parts).ShouldBe("");
    }

    [Fact]
    public void AQuestionWithoutIdCounts_AndIsNotAnswered()
    {
        var parts = Begun();

        parts.TakeQuestion($$"""{"type":"SockhopHandshake","data":{{Node}}}""");
        parts.TakeAnswer(Denied);

        parts.Wire.Written.Count.ShouldBe(1);
        Told(parts).ShouldBe("shaken");
    }

    [Theory]
    [InlineData(Polywire, Granted, true, "binary, shaken")]
    [InlineData(Polywire, Granted, false, "shaken")]
    [InlineData(Polywire, Denied, true, "shaken")]
    [InlineData(Node, Denied, true, "shaken")]
    [InlineData(Node, "{}", true, "shaken")]
    [InlineData(Node, """{"allow_binary_mode":1}""", true, "shaken")]
    public void SucceedsOnceItHasAskedAndAnswered_InEitherOrder(string question, string answer, bool allow, string told)
    {
        var parts = Begun(options => options.AllowBinaryMode = allow);
        Question(parts, question);
        Told(parts).ShouldBe("");
        parts.TakeAnswer(answer);
        Told(parts).ShouldBe(told);

        parts = Begun(options => options.AllowBinaryMode = allow);
        parts.TakeAnswer(answer);
        Question(parts, question);
        Told(parts).ShouldBe(told);
        (parts.Handshake.IsHandshaked, parts.Handshake.IsInitialized).ShouldBe((true, true));
    }

    [Fact]
    public void WaitsForTheProofOfANodePeer()
    {
        var parts = Begun();
        Question(parts, Node);
        parts.TakeAnswer(Granted);
        parts.Send("{}");
        Told(parts).ShouldBe("binary");
        parts.Wire.Text.ShouldEndWith("SockhopBinaryModeTransition\",\"data\":{}}\n");

        parts.Clock.Advance(TimeSpan.FromMilliseconds(15));
        parts.Handshake.Switch.TakeAnswer(Guid.NewGuid()).ShouldBeFalse();
        Told(parts).ShouldBe("binary");
        parts.Handshake.Switch.TakeAnswer(LastPing(parts)).ShouldBeTrue();

        Told(parts).ShouldBe("binary, shaken");
        parts.Wire.Text.ShouldEndWith("Object\u0002\0\0\0{}");
    }

    [Fact]
    public void ProbesWithGrowingPauses_AndGoesOnWithoutProofInTheEnd()
    {
        var parts = Begun();
        Question(parts, Node);
        parts.TakeAnswer(Granted);
        var written = parts.Wire.Written.Count;
        foreach (var pause in new[] { 15, 50, 75, 100 })
        {
            parts.Clock.Advance(TimeSpan.FromMilliseconds(pause - 1));
            parts.Wire.Written.Count.ShouldBe(written);
            parts.Clock.Advance(TimeSpan.FromMilliseconds(1));
            parts.Wire.Written.Count.ShouldBe(++written);
        }

        parts.Clock.Advance(parts.Settings.BinaryProbeTimeout);
        Told(parts).ShouldBe("binary, shaken");
    }

    [Theory]
    [InlineData("")]
    [InlineData("question")]
    [InlineData("answer")]
    public void FailsInTime_AndALateAnswerChangesNothing(string came)
    {
        var parts = Begun();
        if (came == "question")
        {
            Question(parts, Polywire);
        }
        else if (came == "answer")
        {
            parts.TakeAnswer(Denied);
        }

        parts.Clock.Advance(parts.Settings.HandshakeTimeout);
        Told(parts).ShouldBe(SockhopErrorCodes.HandshakeTimeout);
        parts.TakeAnswer(Granted);
        Question(parts, Polywire);

        Told(parts).ShouldBe(SockhopErrorCodes.HandshakeTimeout);
        (parts.Handshake.IsHandshaked, parts.Handshake.IsInitialized, parts.Writer.IsBinary).ShouldBe((false, true, false));
    }

    [Fact]
    public void IsNotFailed_WhereOnlyTheProofIsMissing()
    {
        var parts = Begun(options => options.BinaryProbeTimeout = options.HandshakeTimeout * 2);
        Question(parts, Node);
        parts.TakeAnswer(Granted);

        parts.Clock.Advance(parts.Settings.HandshakeTimeout);

        Told(parts).ShouldBe("binary, shaken");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SwitchesNothing_OnceItCloses(bool atOnce)
    {
        var parts = Begun();
        parts.Wire.IsSlow = true;
        parts.Send("{}");
        if (atOnce)
        {
            parts.Life.Abort(SockhopCloseReason.Closed, null);
        }
        else
        {
            _ = parts.Life.CloseAsync(SockhopCloseReason.Closed, null);
        }

        Question(parts, Polywire);
        parts.TakeAnswer(Granted);
        parts.Clock.Advance(parts.Settings.HandshakeTimeout);

        (parts.Writer.IsBinary, parts.Told.Contains("binary"), parts.Told.Contains("shaken")).ShouldBe((false, false, false));
    }

    [Fact]
    public void NeitherAnswersNorCounts_InCompatibilityMode()
    {
        var parts = new PeerParts(options => options.CompatibilityMode = true);
        parts.Handshake.Skip();

        Question(parts, Polywire);

        (parts.Wire.Text, parts.Handshake.IsInitialized, parts.Handshake.IsHandshaked).ShouldBe(("", true, false));
    }

    [Fact]
    public void AsksNothing_OfAConnectionThatHasEnded()
    {
        var parts = new PeerParts();
        parts.Life.Abort(SockhopCloseReason.Closed, null);

        parts.Handshake.Begin();
        parts.Clock.Advance(parts.Settings.HandshakeTimeout);

        (parts.Wire.Text, Told(parts)).ShouldBe(("", "closed"));
    }

    private static string Told(PeerParts parts) => string.Join(", ", parts.Told);

    private static PeerParts Begun(Action<SockhopServerOptions>? configure = null)
    {
        var parts = new PeerParts(configure);
        parts.Handshake.Begin();
        return parts;
    }

    private static void Question(PeerParts parts, string data, int id = 1) =>
        parts.TakeQuestion($$"""{"type":"SockhopHandshake","data":{{data}},"id":"{{id}}"}""");

    private static Guid LastPing(PeerParts parts)
    {
        const string Key = "\"_id\":\"";
        var text = parts.Wire.Text;
        return Guid.Parse(text.AsSpan(text.LastIndexOf(Key, StringComparison.Ordinal) + Key.Length, 36));
    }
}
