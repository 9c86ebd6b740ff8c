using System.Text;
using Polywire.AspNetCore.WebSockets;
using Polywire.Params;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>How a request for a verb becomes words; docs/protocol/websocket.md, "Verbs".</summary>
public class WebSocketWordsTests
{
    [Theory]
    [InlineData("""{"event":"say","room":"r","message":"m","messageId":1}""", "r", "m")]
    [InlineData("""{"message":"m","room":"r"}""", "r", "m")]
    [InlineData("""{"room":"r","a":"x","b":"y"}""", "r", "x y")]
    [InlineData("""{"first":"r","b":"y"}""", "r", "y")]
    [InlineData("""{"room":"","a":"x"}""", "", "x")]
    [InlineData("""{"room":null,"a":"x","b":"y"}""", "", "x y")]
    [InlineData("""{"a":"x","room":false,"b":"y"}""", "x", "false y")]
    [InlineData("""{"room":0,"message":"m"}""", "0", "m")]
    [InlineData("""{"room":5,"message":5}""", "5", "5")]
    [InlineData("""{"room":"r","message":["a",["b",null],{"c":1},true]}""", "r", "a,b,,{\"c\":1},true")]
    [InlineData("""{"room":"r","message":{ "b" : [ 1.50 , "\u0041 b" ], "a": 1, "b2": {}, "a": 1e3, "7": null }}""", "r", """{"7":null,"b":[1.5,"A b"],"a":1000,"b2":{}}""")]
    [InlineData("""{"room":"r","message":[{ "c" : 1.0 }]}""", "r", """{"c":1}""")]
    [InlineData("""{"room":"r","message":{"😀":"😀 \ud83d\ude00\u00e9","n":[[],["\n\u001F\"\\[",{}]]}}""", "r", """{"😀":"😀 😀é","n":[[],["\n\u001f\"\\[",{}]]}""")]
    [InlineData("""{"room":"r","b":"last","10":"ten","9":"nine","09":"no number","4294967295":"too large","4294967294":"largest","0":"zero"}""", "r",
        "zero nine ten largest last no number too large")]
    [InlineData("""{"b":"word","1":"r"}""", "r", "word")]
    [InlineData("""{"room":"r","message":null}""", "r", "")]
    [InlineData("""{"room":"r","message":true,"more":false}""", "r", "true false")]
    [InlineData("""{"room":"r","message":"a","message":"b"}""", "r", "b")]
    [InlineData("{}", "", "")]
    public void AreTheRoom_AndEveryOtherValue(string message, string room, string words)
    {
        var arguments = Read(message);

        (arguments.Room, arguments.Words).ShouldBe((room, words));
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-0", "0")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("123456789012345678901", "123456789012345680000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1.5e300", "1.5e+300")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("1e999", "Infinity")]
    [InlineData("9007199254740993", "9007199254740992")]
    public void NumbersAreTextAsInJavaScript(string json, string text)
    {
        Read($$"""{"room":"r","message":{{json}}}""").Words.ShouldBe(text);
    }

    [Theory]
    [InlineData("\"r\"", true)]
    [InlineData("7", true)]
    [InlineData("[\"r\"]", false)]
    [InlineData("true", false)]
    [InlineData("{}", false)]
    public void OnlyTextAndNumbersNameRooms(string json, bool isName) => Read($$"""{"room":{{json}}}""").IsRoomName.ShouldBe(isName);

    private static WebSocketWords Read(string message)
    {
        var set = ParamSet.Rent();
        var bytes = Encoding.UTF8.GetBytes(message);
        bytes.CopyTo(set.Prepare(bytes.Length));
        WebSocketRequest.Read(set).Kind.ShouldBe(WebSocketRequestKind.Verb);
        var arguments = WebSocketWords.Read(set);
        set.Release();
        return arguments;
    }
}
