#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Text;
using System.Text.Json.Serialization;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>Text as it is written, and ids as they come back.</summary>
public class TextTests
{
    [Theory]
    [InlineData("\"plain\"", "\"plain\"")]
    [InlineData("\"\\u0061\\n\"", "\"\\u0061\\n\"")]
    [InlineData("7.50", "7.50")]
    [InlineData("true", "true")]
    [InlineData("[1, {\"a b\" :2}]", "[1,{\"a b\":2}]")]
    public async Task AnswersWithTheIdThatCame(string id, string answered)
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        pair.Server.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text + "!"));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync($$"""{"type":"String","data":"q","id":{{id}}}""");

        var reply = await peer.NextAsync();
        (reply.Data, reply.Id).ShouldBe(("\"q!\"", answered));
    }

    [Fact]
    public async Task LivesOnAfterALabelThatIsNoText()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        pair.Server.OnRequest<string, string>((text, _, _) => new ValueTask<string>(text + "!"));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync($$$"""{"type":"Buffer","data":{"type":{{{new string('[', 70)}}}{{{new string(']', 70)}}} } }""");
        await peer.SendAsync("""{"type":"String","data":"q","id":"1"}""");

        (await peer.NextAsync()).Data.ShouldBe("\"q!\"");
    }

    [Theory]
    [InlineData("Number"), InlineData("Date")]
    public async Task SendsWhatIsNoNumberAndNoDateBack(string type)
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        pair.Server.OnMessage((message, _, _) => message.ReplyAsync(type, message.Json));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync($$"""{"type":"{{type}}","data":null,"id":"1"}""");

        (await peer.NextAsync()).Data.ShouldBe("null");
    }

    [Theory]
    [InlineData("1e-400", 0)]
    [InlineData("-0.0E5", 0)]
    [InlineData("\"\"", 0)]
    [InlineData("null", 0)]
    [InlineData("1e400", 1)]
    [InlineData("0.1", 1)]
    [InlineData("\"0\"", 1)]
    [InlineData("[]", 1)]
    public async Task TakesAnIdForOneThatJavaScriptTakesForTrue(string id, int requests)
    {
        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes($$"""{"type":"String","data":"x","id":{{id}}}""" + "\n"));

        (heard.Messages.Count, heard.Requests).ShouldBe((1, requests));
    }

    [Theory]
    [InlineData(false, 512, null)]
    [InlineData(false, 513, "Json.MaxDepth (512)")]
    [InlineData(true, 513, "Json.MaxDepth (512)")]
    public async Task SaysOfJsonThatIsTooDeepThatItIs(bool allowNonObjects, int depth, string? reason)
    {
        var line = $$"""{"type":"Array","data":{{new string('[', depth)}}{{new string(']', depth)}}}""" + "\n";

        var heard = await Wires.HearAsync(Encoding.UTF8.GetBytes(line), o => o.AllowNonObjects = allowNonObjects);

        heard.Messages.Count.ShouldBe(reason is null ? 1 : 0);
        heard.AllErrors.Select(error => (error.Code, error.Message.Contains(reason!, StringComparison.Ordinal)))
            .ShouldBe(reason is null ? [] : [(SockhopErrorCodes.BadBufferData, true)]);
    }

    [Fact]
    public async Task SaysTheSameOfAFrame()
    {
        var json = Encoding.UTF8.GetBytes(new string('[', 513) + new string(']', 513));
        var frame = new byte[5 + 1 + 5 + 4 + json.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - 5);
        (frame[4], frame[5]) = (10, 5);
        "Array"u8.CopyTo(frame.AsSpan(6));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(11), json.Length);
        json.CopyTo(frame, 15);

        var heard = await Wires.HearAsync([.. Wires.Transition, .. frame]);

        var error = heard.AllErrors.ShouldHaveSingleItem();
        error.Code.ShouldBe(SockhopErrorCodes.DeserializeFailed);
        error.Message.ShouldContain("Json.MaxDepth (512)");
    }

    [Theory]
    [InlineData(""" "data":null """)]
    [InlineData(""" "more":1 """)]
    public async Task GivesAHandlerNoNullThatItDoesNotTake(string data)
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var told = new TaskCompletionSource<SockhopException>();
        var handled = new TaskCompletionSource<int?>();
        pair.Server.ProtocolError += (_, error) => told.SetResult(error);
        pair.Server.On<Job>((_, _, _) => told.SetException(new InvalidOperationException("It was handled.")));
        pair.Server.On<int?>((number, _, _) => handled.SetResult(number));
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync($$"""{"type":"Job",{{data}}}""");
        await peer.SendAsync($$"""{"type":"Number",{{data}}}""");

        (await told.Task.WithinLimit()).Code.ShouldBe(SockhopErrorCodes.DeserializeFailed);
        (await handled.Task.WithinLimit()).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"type":"Object","data":null,"callback_id":ID}""")]
    [InlineData("""{"type":"Object","callback_id":ID}""")]
    public async Task TakesNullForAReplyLikeOthers(string reply)
    {
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.Types) = (true, Pair.Types()));
        using var peer = await served.ConnectAsync();
        var asking = served.Client.RequestAsync<Done?>(new Job(1));

        await peer.SendAsync(reply.Replace("ID", (await peer.NextAsync()).Id, StringComparison.Ordinal));

        (await asking.WithinLimit()).ShouldBeNull();
    }

    [Fact]
    public async Task AnswersALargePing()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync($$$"""{"type":"SockhopPing","data":{"_id":"{{{new string('x', 70_000)}}}"} }""");

        (await peer.NextAsync()).Type.ShouldBe("SockhopPong");
    }

    [Fact]
    public async Task KnowsItsOwnIdHoweverItIsEscaped()
    {
        await using var pair = new Pair(o => o.CompatibilityMode = true);
        var connected = new TaskCompletionSource();
        pair.Server.Connected += _ => connected.SetResult();
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await connected.Task.WithinLimit();
        var asking = pair.Session.RequestAsync<string>("?");
        var question = await peer.NextAsync();

        await peer.SendAsync($$"""{"callback_id":"{{question.Id.Trim('"').Replace("-", "\\u002d", StringComparison.Ordinal)}}","data":"!","type":"String"}""");

        (await asking.WithinLimit()).ShouldBe("!");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("\r\n")]
    [InlineData("||")]
    [InlineData(" end ")]
    [InlineData("é")]
    [InlineData("𝄞~")]
    [InlineData("y")]
    [InlineData("END")]
    [InlineData("EOF")]
    [InlineData("--")]
    [InlineData("::")]
    [InlineData("//")]
    [InlineData("ab")]
    [InlineData("}|")]
    public async Task KeepsTheTerminatorOutOfWhateverIsSent(string terminator)
    {
        await using var pair = await new Pair(
            o => (o.CompatibilityMode, o.Terminator) = (true, SockhopTerminator.Both(terminator)),
            o => (o.CompatibilityMode, o.Terminator) = (true, SockhopTerminator.Both(terminator))).StartAsync();
        var text = $"a{terminator}b || end é 𝄞~ y\t\r\n";
        var heard = new TaskCompletionSource<string>();
        pair.Server.OnRequest<string, string>((value, _, _) => new ValueTask<string>(value));
        pair.Server.OnRequest<byte[], byte[]>((value, _, _) => new ValueTask<byte[]>(value));
        pair.Server.On<System.Text.Json.JsonElement>((value, _, _) => heard.TrySetResult(value.GetRawText()));

        (await pair.Client.RequestAsync<string>(text).WithinLimit()).ShouldBe(text);
        (await pair.Client.RequestAsync<byte[]>(Encoding.UTF8.GetBytes(text)).WithinLimit()).ShouldBe(Encoding.UTF8.GetBytes(text));
        await pair.Client.SendJsonAsync("Object", "{ \"a b\" :\r\n\t[ 1, \"|| end y\" ] }"u8);

        System.Text.Json.JsonElement.Parse(await heard.Task.WithinLimit()).GetProperty("a b")[1].GetString().ShouldBe("|| end y");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("{}\n{}")]
    public async Task RefusesWhatIsNotOneJsonValue(string json)
    {
        await using var pair = await new Pair().StartAsync();

        (await Should.ThrowAsync<SockhopException>(pair.Client.SendJsonAsync("Object", Encoding.UTF8.GetBytes(json)).AsTask()))
            .Code.ShouldBe(SockhopErrorCodes.SerializeFailed);
    }

    [Fact]
    public async Task BringsNumbersThatAreNotFiniteBackAsJavaScriptDoes()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Server.OnRequest<double, double>((value, _, _) => new ValueTask<double>(value));

        double.IsNaN(await pair.Client.RequestAsync<double>(double.PositiveInfinity).WithinLimit()).ShouldBeTrue();
        (await pair.Client.RequestAsync<double>(1.5).WithinLimit()).ShouldBe(1.5);
    }

    [Fact]
    public async Task MayAnswerOtherwiseWhatCouldNotBeSent()
    {
        await using var pair = await new Pair().StartAsync();
        pair.Server.OnMessage(async (message, _, _) =>
        {
            (await Should.ThrowAsync<SockhopException>(async () => await message.ReplyAsync(new Unwritable()))).Code
                .ShouldBe(SockhopErrorCodes.SerializeFailed);
            (await Should.ThrowAsync<SockhopException>(async () => await message.ReplyAsync(new Ambiguous()))).Code
                .ShouldBe(SockhopErrorCodes.SerializeFailed);
            await message.ReplyAsync("instead");
        });

        (await pair.Client.RequestAsync<string>("?").WithinLimit()).ShouldBe("instead");
        (await Should.ThrowAsync<SockhopException>(pair.Client.SendAsync(new Ambiguous()).AsTask())).Code.ShouldBe(SockhopErrorCodes.SerializeFailed);
    }

    [Fact]
    public async Task TellsTheAskerOfARequestThatDoesNotFitItsHandler()
    {
        await using var pair = await new Pair(o => o.ReplyErrors = true).StartAsync();
        var told = new TaskCompletionSource<SockhopException>();
        pair.Server.ProtocolError += (_, error) => told.SetResult(error);
        pair.Server.OnRequest<int, int>((number, _, _) => new ValueTask<int>(number));

        var reply = await pair.Client.RequestAsync("Number", System.Text.Json.JsonElement.Parse("\"no \\\"number\\\"\"")).WithinLimit();

        reply.Type.ShouldBe("Error");
        (await told.Task.WithinLimit()).Code.ShouldBe(SockhopErrorCodes.DeserializeFailed);
    }

    private sealed class Unwritable
    {
        public int Value => throw new DivideByZeroException(ToString());
    }

    private sealed class Ambiguous
    {
        [JsonPropertyName("a")]
        public int First { get; } = 1;

        [JsonPropertyName("a")]
        public int Second { get; } = 2;
    }
}
