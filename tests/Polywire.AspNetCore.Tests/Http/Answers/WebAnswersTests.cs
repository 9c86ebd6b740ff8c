#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>What actions answer, as web clients get it.</summary>
public sealed class WebAnswersTests(WebAnswersTests.Shared shared) : IClassFixture<WebAnswersTests.Shared>
{
    private static readonly string[] Envelope = ["serverInformation", "requesterInformation"];

    [Theory]
    [InlineData("list", "[1,2,3]")]
    [InlineData("emptyList", "[]")]
    [InlineData("word", "\"just <text>\"")]
    [InlineData("number", "1.5")]
    [InlineData("truth", "true")]
    public async Task AnswersValuesThatAreNoObjects_AsTheyAre(string action, string body)
    {
        var answer = await shared.Host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(200);
        answer["content-type"].ShouldBe("application/json; charset=utf-8");
        answer.Text.ShouldBe(body);
    }

    [Theory]
    [InlineData("text", "text/plain; charset=utf-8", "hällo")]
    [InlineData("wordAsCsv", "text/csv", "just <text>")]
    [InlineData("bytes", "image/x-thing", "\u0001\u0002")]
    [InlineData("stream", "application/octet-stream", "streamed")]
    [InlineData("endless", "text/plain", "unknown length")]
    public async Task AnswersContents_WithTheirType(string action, string type, string body)
    {
        var answer = await shared.Host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(200);
        answer["content-type"].ShouldBe(type);
        answer.Text.ShouldBe(body);
        answer.IsWhole.ShouldBeTrue();
        answer["set-cookie"].ShouldNotBeNull();
    }

    [Fact]
    public async Task LetsAListGiveWayToAnError()
    {
        var answer = await shared.Host.GetAsync("/api/failedList");

        answer.Status.ShouldBe(400);
        answer.Text.ShouldBe("\"Error: after all\"");
    }

    [Theory]
    [InlineData("ownError", 400, """{"error":"broken","reason":"stuff"}""")]
    [InlineData("ownErrorAndThrow", 400, "\"mine\"")]
    [InlineData("nullErrorAndThrow", 400, "\"thrown\"")]
    [InlineData("typedError", 400, "\"typed\"")]
    [InlineData("statusAndError", 402, "\"pay first\"")]
    [InlineData("codeError", 400, """{"code":418}""")]
    public async Task TakesTheStatusOfAnError(string action, int status, string error)
    {
        var answer = await shared.Host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(status);
        WebHost.Json(answer).GetProperty("error").GetRawText().ShouldBe(error);
        answer.Text.Split("\"error\":", StringSplitOptions.None).Length.ShouldBe(action == "ownError" ? 3 : 2);
    }

    [Theory, InlineData("nullError"), InlineData("falseError")]
    public async Task TakesNoErrorForOne(string action) => (await shared.Host.GetAsync($"/api/{action}")).Status.ShouldBe(200);

    [Fact]
    public async Task TakesTheStatusOfACode_WhereItIsTold()
    {
        await using var host = await StartAsync(web => web.UseErrorCodeAsStatus = true);

        (await host.GetAsync("/api/codeError")).Status.ShouldBe(418);
        (await host.GetAsync("/api/absurdCode")).Status.ShouldBe(400);
        (await host.GetAsync("/api/needs")).Status.ShouldBe(422);
    }

    [Theory]
    [InlineData("noContent")]
    [InlineData("silent")]
    [InlineData("status204")]
    public async Task AnswersWithoutABody_WhereThereIsNone(string action)
    {
        var answer = await shared.Host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(204);
        answer.Body.ShouldBeEmpty();
        answer["content-type"].ShouldBeNull();
        answer["access-control-allow-origin"].ShouldBe("*");
    }

    [Theory, InlineData("none"), InlineData("empty"), InlineData("nothingTyped")]
    public async Task AnswersWithTheEnvelope_WhereAnActionHasNothingToSay(string action)
    {
        var answer = await shared.Host.GetAsync($"/api/{action}");

        answer.Status.ShouldBe(200);
        WebHost.Json(answer).EnumerateObject().Select(member => member.Name).ShouldBe(Envelope);
    }

    [Theory]
    [InlineData("echo?a=1")]
    [InlineData("needs")]
    [InlineData("nope")]
    [InlineData("list")]
    [InlineData("text")]
    [InlineData("bytes")]
    [InlineData("stream")]
    [InlineData("echo?callback=f")]
    public async Task AnswersHeadLikeGet(string target)
    {
        // The same ids and times as far as lengths go.
        var get = await shared.Host.GetAsync($"/api/{target}", "Cookie: sessionID=abc");
        var head = await shared.Host.SendAsync("HEAD", $"/api/{target}", "Cookie: sessionID=abc");

        head.Status.ShouldBe(get.Status);
        head["content-type"].ShouldBe(get["content-type"]);
        head.Body.ShouldBeEmpty();
        var difference = int.Parse(head["content-length"]!, System.Globalization.CultureInfo.InvariantCulture) - get.Body.Length;
        difference.ShouldBeInRange(-3, 3);
    }

    [Fact]
    public async Task AnswersTraceWithWhatIsKnownOfTheClient()
    {
        var answer = await shared.Host.SendAsync("TRACE", "/api/echo?a=1&zzz=2", "Cookie: sessionID=abc", "X-Secret: s3cret");
        var json = WebHost.Json(answer);

        answer.Status.ShouldBe(200);
        json.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "fingerprint", "messageId", "remoteIP", "receivedParams"]);
        json.GetProperty("receivedParams").GetRawText().ShouldBe("""{"a":"1"}""");
        answer.Text.ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("echo?callback=myCb", "myCb(")]
    [InlineData("echo?callback=alert(%27hi%27);foo", "alert&#39;hi&#39;;foo(")]
    [InlineData("echo?callback=%3Cb%3E%22%26", "&lt;b&gt;&quot;&amp;(")]
    [InlineData("echo?callback=a&callback=b", "b(")]
    [InlineData("echo?callback=$a._b1.c", "$a._b1.c(")]
    [InlineData("echo?callback=a[0].b[12][3]", "a[0].b[12][3](")]
    [InlineData("echo?callback=a[%22some-word%22].b[%27other%27]", "a[\"some-word\"].b['other'](")]
    [InlineData("nope?callback=f", "f(")]
    [InlineData("list?callback=f", "f([1,2,3]);")]
    [InlineData("word?callback=f", "f(\"just <text>\");")]
    public async Task WrapsJsonInACall(string target, string beginning)
    {
        var answer = await shared.Host.GetAsync($"/api/{target}");

        answer["content-type"].ShouldBe("application/javascript");
        answer["x-content-type-options"].ShouldBe("nosniff");
        answer.Text.ShouldStartWith(beginning);
        answer.Text.ShouldEndWith(");");
        answer["content-length"].ShouldBe(answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("echo?callback=")]
    [InlineData("echo?callback[x]=1")]
    [InlineData("text?callback=f")]
    [InlineData("echo?callback=a;b")]
    [InlineData("echo?callback=alert%601%60")]
    [InlineData("echo?callback=alert%601%60//")]
    [InlineData("echo?callback=alert%60%27%60")]
    [InlineData("echo?callback=a%0ab")]
    [InlineData("echo?callback=a/*%27*/")]
    [InlineData("echo?callback=%23!%27%0aa")]
    [InlineData("echo?callback=a%E2%80%A8b")]
    [InlineData("echo?callback=a%20b")]
    [InlineData("echo?callback=a%3Db")]
    [InlineData("echo?callback=a%3Cb")]
    [InlineData("echo?callback=a,b")]
    [InlineData("echo?callback=a%2Bb")]
    [InlineData("echo?callback=.a")]
    [InlineData("echo?callback=a.")]
    [InlineData("echo?callback=a..b")]
    [InlineData("echo?callback=1a")]
    [InlineData("echo?callback=a.1")]
    [InlineData("echo?callback=[0]")]
    [InlineData("echo?callback=a[]")]
    [InlineData("echo?callback=a[b]")]
    [InlineData("echo?callback=a[0")]
    [InlineData("echo?callback=a]0[")]
    [InlineData("echo?callback=a[0]b")]
    [InlineData("echo?callback=a[%22%22]")]
    [InlineData("echo?callback=a[%22x]")]
    [InlineData("echo?callback=a[%22x];b[%22y%22]")]
    [InlineData("echo?callback=a[-1]")]
    [InlineData("echo?callback=a[0x1]")]
    [InlineData("echo?callback=a%5C")]
    [InlineData("echo?callback=f(")]
    [InlineData("echo?callback=f()")]
    [InlineData("nope?callback=a;b")]
    public async Task WrapsNothing_WithoutACallbackOrJson(string target) =>
        (await shared.Host.GetAsync($"/api/{target}"))["content-type"].ShouldBe(
            target.StartsWith("text", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");

    [Fact]
    public async Task EscapesLineSeparatorsInScripts()
    {
        var answer = await shared.Host.GetAsync("/api/echo?a=x%E2%80%A8y%E2%80%A9z%E2%80%AA&callback=f");

        answer.Text.ShouldContain("x\\u2028y\\u2029z\u202a");
        JsonDocument.Parse(answer.Text[2..^2]).RootElement.GetProperty("params").GetProperty("a").GetString().ShouldBe("x\u2028y\u2029z\u202a");
    }

    [Fact]
    public async Task RefusesACallbackThatIsTooLong_AndRunsNothing()
    {
        var allowed = await shared.Host.GetAsync($"/api/echo?callback={new string('c', 256)}");
        var refused = await shared.Host.GetAsync($"/api/echo?callback={new string('c', 257)}");

        allowed.Status.ShouldBe(200);
        refused.Status.ShouldBe(400);
        refused["content-type"].ShouldBe("application/json; charset=utf-8");
        WebHost.Json(refused).GetProperty("error").GetString().ShouldBe("callback is too long (limit 256 characters)");
        WebHost.Json(refused).TryGetProperty("params", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task WrapsNothing_WhereItIsSwitchedOff()
    {
        await using var host = await StartAsync(web => web.Jsonp = false);

        (await host.GetAsync($"/api/echo?callback={new string('c', 300)}"))["content-type"].ShouldBe("application/json; charset=utf-8");
    }

    [Fact]
    public async Task KeepsTheLastOfAHeader_AndEveryCookie()
    {
        var answer = await shared.Host.GetAsync("/api/headers");

        answer["x-thing"].ShouldBe("B");
        answer["x-powered-by"].ShouldBe("me");
        answer["cache-control"].ShouldBe("no-store");
        var cookies = answer["set-cookie"]!.Split('\n');
        cookies.Length.ShouldBe(3);
        cookies[0].ShouldStartWith("sessionID=");
        cookies[1..].ShouldBe(["a=1", "b=2; Path=/"]);
    }

    [Fact]
    public async Task LetsAnActionsCookieTakeTheSessionsPlace()
    {
        var answer = await shared.Host.GetAsync("/api/ownSession");

        answer["set-cookie"].ShouldBe("sessionID=mine; HttpOnly\nsessionID=other");
    }

    [Fact]
    public async Task RefusesHeadersThatFollowFromTheAnswer()
    {
        foreach (var name in (string[])["Content-Length", "transfer-encoding"])
        {
            var answer = await shared.Host.GetAsync($"/api/setHeader?name={name}");
            WebHost.Json(answer).GetProperty("refused").GetString()!.ShouldStartWith($"'{name}' follows from the answer");
        }
    }

    [Fact]
    public async Task TellsNothingOfItself_WhereItIsNotTo()
    {
        await using var host = await StartAsync(web => web.MetadataOptions = new WebMetadataOptions { ServerInformation = false, RequesterInformation = false });

        (await host.GetAsync("/api/list")).Text.ShouldBe("[1,2,3]");
        (await host.GetAsync("/api/nope")).Text.ShouldBe("""{"error":"unknown action or invalid apiVersion"}""");
        (await host.GetAsync("/api/empty")).Text.ShouldBe("{}");
        (await host.GetAsync("/api/none")).Text.ShouldBe("{}");
    }

    [Fact]
    public async Task TellsNothingOfItself_InProduction()
    {
        await using var host = await StartAsync(web => web.MetadataOptions = new WebMetadataOptions());

        (await host.GetAsync("/api/empty")).Text.ShouldBe("{}");
    }

    [Fact]
    public async Task SpeaksTheOlderForms_WhereItIsTold()
    {
        await using var host = await StartAsync(web => web.Legacy = true);
        var json = WebHost.Json(await host.GetAsync("/api/echo?a=1"));

        json.TryGetProperty("requesterInformation", out _).ShouldBeFalse();
        json.GetProperty("requestorInformation").GetRawText().ShouldBe("""{"remoteAddress":"127.0.0.1","recievedParams":{"a":"1","action":"echo"}}""");
    }

    [Fact]
    public async Task LaysJsonOut()
    {
        await using var host = await StartAsync(web => web.Padding = 2);

        (await host.GetAsync("/api/list")).Text.ShouldBe("[\n  1,\n  2,\n  3\n]");
        var answer = await host.PostAsync("/api/echo", """{"a" : {"x":[ ],"y":{ }},"b":"{[,:\\\"]}"}""");
        answer.Text.ShouldContain("\n    \"receivedParams\": {\n      \"a\": {\n        \"x\": [],\n        \"y\": {}\n      },\n      \"b\": \"{[,:\\\\\\\"]}\",\n      \"action\": \"echo\"\n    }\n  }\n}");
        answer["content-length"].ShouldBe(answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task ShowsWhatWasReceived_Compact()
    {
        var answer = await shared.Host.PostAsync("/api/echo?a=1", "{ \"a\" : [ 1 , { \"x\" : \"a b\" } ] , \"zzz\" : 1 }");

        answer.Text.ShouldContain("\"receivedParams\":{\"a\":[1,{\"x\":\"a b\"}],\"action\":\"echo\"}");
    }

    [Fact]
    public async Task LeavesTheKeysOfTheEnvelopeToTheServer()
    {
        var json = WebHost.Json(await shared.Host.GetAsync("/api/names"));

        json.EnumerateObject().Select(member => member.Name).ShouldBe(["own", .. Envelope]);
        json.GetProperty("serverInformation").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal WebHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static Task<WebHost> StartAsync(Action<WebOptions>? web = null) => WebHost.StartAsync(web, add: (_, polywire) => AnswerActions.Map(polywire));
}
