using System.Text;
using Polywire.Doors;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using static Polywire.AspNetCore.Tests.Doors.Peer;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>
/// Every verb and every kind of answer over every door: once the envelope is off, all of them say the same. Where one does not, the table
/// has the reason.
/// </summary>
public sealed class EveryDoorTests(EveryDoorHost doors) : IClassFixture<EveryDoorHost>
{
    private const string Room = "defaultRoom";
    private const string NoFile = "error:That file is not found";
    private const string Unsupported = "error:this answer can only be sent on the web";

    private static readonly string NoParams = "sticky params belong to the lines of the socket server (websocket.md 7.1)";
    private static readonly string NoFiles = "files cannot be asked for there, only answered with (sockhop.md 10.3)";
    private static readonly string NotInside = "in the process a connection is closed by who has it, and files are where they are";
    private static readonly string Throws = "who calls in the process reads values: what is none is thrown at him";

    private static readonly Ask Join = Ask.Verb("roomAdd", ("room", Room));
    private static readonly Ask Keep = Ask.Verb("paramAdd", ("key", "key"), ("value", "v w"));

    private static readonly Case[] Cases =
    [
        .. Ends("quit"),
        .. Ends("exit"),
        new("documentation", [Ask.Verb("documentation")], "ok:DOCUMENTATION"),
        new("details", [Ask.Verb("detailsView")], Details("[]")),
        new("details in a room", [Join, Ask.Verb("detailsView")], Details($"[\"{Room}\"]")),

        Params("a param is kept", "ok:null", Keep),
        Params("a param is shown", "ok:\"v w\"", Keep, Ask.Verb("paramView", ("key", "key"))),
        Params("a param that is not there", "ok:null", Ask.Verb("paramView", ("key", "key"))),
        Params("a param without a name is shown", "ok:null", Ask.Verb("paramView")),
        Params("a param that no action knows", "ok:null", Ask.Verb("paramAdd", ("key", "unheardOf"), ("value", "v")), Ask.Verb("paramView", ("key", "unheardOf"))),
        Params("a param with no value is removed", "ok:null", Keep, Ask.Verb("paramAdd", ("key", "key")), Ask.Verb("paramView", ("key", "key"))),
        Params("a param without a name is kept", "ok:null", Ask.Verb("paramAdd")),
        Params("a param that is too large", "error:the params of this connection are too big (limit 1024 bytes)", Ask.Verb("paramAdd", ("key", "key"), ("value", new string('v', 1_024)))),
        Params("a param is removed", "ok:null", Keep, Ask.Verb("paramDelete", ("key", "key"))),
        Params("a removed param", "ok:null", Keep, Ask.Verb("paramDelete", ("key", "key")), Ask.Verb("paramView", ("key", "key"))),
        Params("a param that is not there is removed", "ok:null", Ask.Verb("paramDelete", ("key", "key"))),
        Params("all params", "ok:{\"key\":\"v w\"}", Keep, Ask.Verb("paramsView")),
        Params("no params", "ok:{}", Ask.Verb("paramsView")),
        Params("all params are removed", "ok:null", Keep, Ask.Verb("paramsDelete")),
        Params("all removed params", "ok:{}", Keep, Ask.Verb("paramsDelete"), Ask.Verb("paramsView")),

        new("a room is joined", [Join], "ok:true"),
        new("a room is joined again", [Join, Join], $"error:connection already in this room ({Room})"),
        new("a room that there is not is joined", [Ask.Verb("roomAdd", ("room", "nowhere"))], "error:room does not exist"),
        new("no room is joined", [Ask.Verb("roomAdd")], "error:room does not exist"),
        new("one room too many", [Join, Ask.Verb("roomAdd", ("room", "anotherRoom")), Ask.Verb("roomAdd", ("room", "refused"))], "error:too many rooms"),
        new("a room refuses", [Ask.Verb("roomAdd", ("room", "refused"))], "error:not you"),
        new("a room fails", [Ask.Verb("roomAdd", ("room", "broken"))], "error:internal error (trace ID)"),
        new("a room is left", [Join, Ask.Verb("roomLeave", ("room", Room))], "ok:true"),
        new("a room is left by who is not in it", [Ask.Verb("roomLeave", ("room", Room))], $"error:connection not in this room ({Room})"),
        new("no room is left", [Ask.Verb("roomLeave")], "error:connection not in this room ()"),
        new("a room is shown", [Join, Ask.Verb("roomView", ("room", Room))], $$$"""ok:{"room":"{{{Room}}}","members":{"ME":{"id":"ME","joinedAt":0}},"membersCount":1}"""),
        new("a room is shown to who is not in it", [Ask.Verb("roomView", ("room", Room))], $"error:connection not in this room ({Room})"),
        new("no room is shown", [Ask.Verb("roomView")], "error:connection not in this room ()"),
        new("something is said", [Join, Ask.Verb("say", ("room", Room), ("message", "so to say"))],
            $$"""said:{"message":"so to say","room":"{{Room}}","from":"ME","context":"user","sentAt":0} | ok:null"""),
        new("something is said by who is not in the room", [Ask.Verb("say", ("room", Room), ("message", "hello"))], $"error:connection not in this room ({Room})"),
        new("nothing is said", [Join, Ask.Verb("say", ("room", Room))], "error:both room and message are required"),
        new("nothing is said nowhere", [Ask.Verb("say")], "error:both room and message are required"),
        new("a room refuses what is said", [Join, Ask.Verb("say", ("room", Room), ("message", "refused"))], "error:not that"),
        new("a room fails at what is said", [Join, Ask.Verb("say", ("room", Room), ("message", "broken"))], "error:internal error (trace ID)"),

        Files("a file", "file:words of a file", Ask.Verb("file", ("file", "words"))),
        Files("a file that there is not", NoFile, Ask.Verb("file", ("file", "absent"))),
        Files("a file outside", NoFile, Ask.Verb("file", ("file", "../words"))),
        Files("no file", "error:file is a required param to send a file", Ask.Verb("file"),
            new Difference(WebSocket, NoFile, "there no file and a missing one are told alike, as ActionHero does (websocket.md 9.2)")),

        new("no such verb", [Ask.Verb("dance")], "error:unknown action or invalid apiVersion",
            new Difference(WebSocket, "error:verb not found or not allowed (dance)", "there verbs and actions are asked for apart (websocket.md 7.1)"),
            new Difference(Inside, Nothing, "there is no word to mistake")),

        new("an object", [Ask.Action("randomNumber")], "object:{\"value\":0.5}"),
        new("an object that comes later", [Ask.Action("later")], "object:{\"value\":1}"),
        new("params of an action", [Ask.Action("pair", ("key", "k"), ("value", "v"))], "object:{\"key\":\"k\",\"value\":\"v\"}"),
        new("a text", [Ask.Action("text")], "object:{\"response\":\"hello\"}"),
        new("null", [Ask.Action("null")], "object:{}"),
        new("a list", [Ask.Action("list")], "object:{\"response\":[\"a\",\"b\"]}"),
        new("bytes", [Ask.Action("bytes")], "object:{\"response\":\"AQI=\"}"),
        new("silence", [Ask.Action("silent")], ""),
        new("an error", [Ask.Action("throwError")], "error:an error"),
        new("an error with a status", [Ask.Action("errorWithStatus")], "error:gone"),
        new("an error with a value", [Ask.Action("throwValue")], "error:{\"code\":42}"),
        new("a fault", [Ask.Action("throwUnexpected")], "error:internal error (trace ID)"),
        new("an input that is missing", [Ask.Action("needsA")], "error:a is a required parameter for this action"),
        new("no such action", [Ask.Action("nothing")], "error:unknown action or invalid apiVersion"),
        new("an answer that comes too late", [Ask.Action("late")], "error:the action timed out"),
        new("an answer of a cancelled run", [Ask.Action("closesAndWaits")], End,
            new Difference(Inside, "error:cancelled", "who calls in the process waits for the run itself")),
        new("a push before the answer", [Ask.Action("pushThenAnswer")], "push:{\"pushed\":1} | object:{\"value\":1}"),
        new("an answer that is too large", [Ask.Action("large")], "error:the answer is too large",
            new Difference(Inside, "object:{\"response\":\"… (100022)", "nothing waits in a queue there")),
        new("an answer that cannot be written", [Ask.Action("unwritable")], "error:internal error",
            new Difference(Inside, "thrown:The answer of action unwritable v1 could not be written as JSON; the log says why.", Throws)),
        new("an answer that is a stream", [Ask.Action("stream")], Unsupported),
        new("an answer that is a file", [Ask.Action("fileThere")], "file:words of a file",
            new Difference(Inside, "thrown:Action fileThere v1 answers with the file 'words', which is no value to read as System.Text.Json.JsonElement.", Throws)),
        new("an answer that is a file that there is not", [Ask.Action("fileMissing")], NoFile,
            new Difference(Inside, "thrown:Action fileMissing v1 answers with the file 'absent', which is no value to read as System.Text.Json.JsonElement.", Throws)),
        new("an answer that is a file that is too large", [Ask.Action("fileLarge")], "error:file is too large",
            new Difference(Tcp, $"file:xxxxxxxxxxxxxxx… (100006)", "there a file is sent in parts, as its reader takes them (socket.md 9)"),
            new Difference(Inside, "thrown:Action fileLarge v1 answers with the file 'large', which is no value to read as System.Text.Json.JsonElement.", Throws)),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SaysTheSameOnEveryDoor(string name)
    {
        var one = Cases.Single(one => one.Name == name);
        var seen = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var door in Peer.Doors)
        {
            await using var peer = await OpenAsync(doors.Host, door);
            var last = "";
            foreach (var ask in one.Asks)
            {
                // The run of a marker ends a moment behind its answer.
                await Until.TrueAsync(() => peer.Connection.PendingActions == 0);
                last = await peer.SeeAsync(ask);
            }

            seen.AppendLine($"{door}: {last}");
            expected.AppendLine($"{door}: {one.Differences.SingleOrDefault(difference => difference.Door == door)?.Seen ?? one.Seen}");
        }

        seen.ToString().ShouldBe(expected.ToString());
    }

    [Fact]
    public void HasEveryVerb() => VerbTable.Names.Except(Cases.Select(one => one.Asks[^1]).Where(ask => !ask.IsAction).Select(ask => ask.Name)).ShouldBeEmpty();

    [Fact]
    public void HasAReasonForEveryDifference() =>
        Cases.SelectMany(one => one.Differences.Select(difference => (one.Seen, Difference: difference)))
            .ShouldAllBe(pair => pair.Difference.Reason.Length > 0 && pair.Difference.Seen != pair.Seen);

    // The end of the connection has no answer; a request over Sockhop has one.
    private static Case[] Ends(string word) =>
    [
        new(word, [Ask.Verb(word)], End,
            new Difference(Peer.Sockhop, $"ok:null | {End}", "a request is answered, and there is no goodbye (sockhop.md 10.3)"),
            new Difference(Inside, Nothing, NotInside)),
    ];

    private static Case Params(string name, string seen, params Ask[] asks) =>
        new(name, asks, seen, new Difference(WebSocket, $"error:verb not found or not allowed ({asks[^1].Name})", NoParams));

    private static Case Files(string name, string seen, Ask ask, params Difference[] more) =>
        new(name, [ask], seen, [new Difference(Peer.Sockhop, Unsupported, NoFiles), new Difference(Inside, Nothing, NotInside), .. more]);

    private static string Details(string rooms) =>
        $$"""ok:{"id":"ME","fingerprint":"","remoteIP":"","remotePort":0,"params":{},"connectedAt":0,"rooms":{{rooms}},"totalActions":0,"pendingActions":0}""";

    private sealed record Case(string Name, Ask[] Asks, string Seen, params Difference[] Differences);

    /// <summary>What one door does otherwise, and why that is right.</summary>
    private sealed record Difference(string Door, string Seen, string Reason);
}
