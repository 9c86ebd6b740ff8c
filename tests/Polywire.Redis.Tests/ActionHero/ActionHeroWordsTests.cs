using System.Text;
using Polywire.Redis.ActionHero;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.ActionHero;

public sealed class ActionHeroWordsTests
{
    private readonly ActionHeroWriter _writer = new("node", "token");

    [Fact]
    public void NO53_AWordIsAChatThatIsMarked() =>
        Text(_writer.Chat("r", """{"message":"hi","room":"r","from":"c","context":"user","sentAt":17,"more":1}"""u8)).ShouldBe(
            """{"messageType":"chat","serverToken":"token","serverId":"node","message":"hi","sentAt":17,"connection":{"id":"c","room":"r"},"polywire":1}""");

    [Theory]
    [InlineData("""["half \ud800 a character"]""")]
    [InlineData("12345678901234567890")]
    [InlineData("deep")]
    public void NO54_WhatIsSaidGoesBothWaysAsItWasWritten(string message)
    {
        message = message == "deep" ? new string('[', 70) + new string(']', 70) : message;
        var chat = _writer.Chat("r", Encoding.UTF8.GetBytes($$"""{"message":{{message}},"room":"r","from":0,"context":"user","sentAt":17}"""));

        ActionHeroMessage.TryRead(chat, out var read).ShouldBeTrue();

        read!.IsOurs.ShouldBeTrue();
        Text(ActionHeroWriter.Said("r", read, DateTimeOffset.UnixEpoch)).ShouldBe($$"""{"message":{{message}},"room":"r","from":0,"context":"user","sentAt":17}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("deep")]
    [InlineData("{}")]
    [InlineData("""{"messageType":"chat","serverToken":5}""")]
    [InlineData("""{"messageType":"chat","serverToken":"token","serverId":"\ud800"}""")]
    public void WhatIsNoMessageIsPassedOver(string text) => ActionHeroMessage.TryRead(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void NO54_AnotherTokenIsAnother()
    {
        ActionHeroMessage.TryRead(_writer.Done("id"), out var read).ShouldBeTrue();

        (read!.HasToken("token"), read.HasToken("tokens"), read.HasToken("")).ShouldBe((true, false, false));
    }

    [Fact]
    public async Task NO56_AQuestionEndsWithItsAnswerAndNoOther()
    {
        var asked = new TaskCompletionSource<ActionHeroMessage>();
        var calls = new ActionHeroCalls(
            _writer,
            bytes => asked.TrySetResult(ActionHeroMessage.TryRead(bytes, out var message) ? message : throw new InvalidOperationException()),
            TimeProvider.System);

        var waiting = calls.AskAsync(ActionHeroOrders.Add, "c", "r", TimeSpan.FromMinutes(1), default);
        var order = await asked.Task.WithinLimit();
        (order.Type, order.Method, order.ConnectionId, order.Argument(0), order.Argument(1)).ShouldBe(("do", "api.chatRoom.addMember", "c", "c", "r"));
        calls.Hear("another");
        calls.Hear(null);
        waiting.IsCompleted.ShouldBeFalse();
        calls.Hear(order.MessageId);

        (await waiting.WithinLimit()).ShouldBeTrue();
        (await calls.AskAsync(ActionHeroOrders.Remove, "c", "r", TimeSpan.FromMilliseconds(1), default).WithinLimit()).ShouldBeFalse();
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
