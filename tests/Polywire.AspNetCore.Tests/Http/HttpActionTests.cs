#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Actions on the web: params in, status and envelope out.</summary>
public sealed class HttpActionTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    [Theory, InlineData("GET"), InlineData("POST")]
    public async Task AnswersWithItsEnvelope(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/randomNumber");
        using var response = await shared.Host.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var json = JsonDocument.Parse(body).RootElement;

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        response.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(body));
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["value", "serverInformation", "requesterInformation"]);
        var server = json.GetProperty("serverInformation");
        server.EnumerateObject().Select(property => property.Name).ShouldBe(["serverName", "apiVersion", "requestDuration", "currentTime"]);
        server.Text("serverName").ShouldBe("polywire");
        var requester = json.GetProperty("requesterInformation");
        requester.EnumerateObject().Select(property => property.Name).ShouldBe(["id", "fingerprint", "messageId", "remoteIP", "receivedParams"]);
        requester.Text("id").ShouldBe($"{requester.Text("fingerprint")}-{requester.Text("messageId")}");
        requester.Text("remoteIP").ShouldBe("127.0.0.1");
        requester.Text("receivedParams").ShouldBe("""{"action":"randomNumber"}""");
    }

    [Theory]
    [InlineData("?a=1", """{"a":"1"}""")]
    [InlineData("?a=1&a=2&b=", """{"a":["1","2"],"b":""}""")]
    [InlineData("?a=%C3%A9+x%20y&b", """{"a":"é x y","b":""}""")]
    [InlineData("?a=%ff", """{"a":"%ff"}""")]
    [InlineData("?zzz=1&key=k", """{"key":"k"}""")]
    [InlineData("?__proto__=1&constructor=2&b=3", """{"b":"3"}""")]
    public async Task ReadsTheQuery(string query, string parameters) => (await EchoAsync($"/api/echo{query}", null)).ShouldBe(parameters);

    [Theory]
    [InlineData("""{"a":1,"b":[1,{"x":null}],"c":"é"}""", """{"a":1,"b":[1,{"x":null}],"c":"é"}""")]
    [InlineData("\ufeff{\"a\":1}", """{"a":1}""")]
    [InlineData("""[1,{"a":2}]""", """{"payload":[1,{"a":2}]}""")]
    [InlineData("[]", "{}")]
    [InlineData("", "{}")]
    [InlineData("7", "{}")]
    [InlineData("""{"action":"nope","a":1}""", """{"a":1}""")]
    [InlineData("""{"a":"\ud800","b":{"\ud800":["\udfff"]}}""", "{\"a\":\"\ufffd\",\"b\":{\"\ufffd\":[\"\ufffd\"]}}")]
    public async Task ReadsAJsonBody(string body, string parameters) => (await EchoAsync("/api/echo", body)).ShouldBe(parameters);

    [Fact]
    public async Task MakesReplacementCharacters_OfBytesThatAreNoUtf8()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo");
        byte[] body = [.. "{\"a\":\""u8, 0xff, .. "\",\"b\":{\""u8, 0xc3, .. "\":[\""u8, 0xe2, 0x82, .. "\"]}}"u8];
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.Add("Content-Type", "application/json");
        using var response = await shared.Host.Http.SendAsync(request);
        var json = JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await response.Content.ReadAsByteArrayAsync())).RootElement;

        foreach (var parameters in (JsonElement[])[json.GetProperty("params"), json.GetProperty("requesterInformation").GetProperty("receivedParams")])
        {
            parameters.Text("a").ShouldBe("\ufffd");
            parameters.Text("b").ShouldBe("{\"\ufffd\":[\"\ufffd\"]}");
        }
    }

    [Fact]
    public async Task LetsTheBodyWinOverTheQuery() => (await EchoAsync("/api/echo?a=1&b=2", """{"a":3}""")).ShouldBe("""{"a":3,"b":"2"}""");

    [Fact]
    public async Task IsInNoRoom()
    {
        using var response = await shared.Host.Http.GetAsync("/api/join?room=defaultRoom");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("a web connection cannot be in a room");
        (await shared.Host.Rooms.StatusAsync("defaultRoom")).Members.Keys.ShouldNotContain(id => id.Length > 36);
    }

    [Theory]
    [InlineData("/api/nope", null, 404, Wire.Unknown)]
    [InlineData("/api/randomNumber?apiVersion=9", null, 404, Wire.Unknown)]
    [InlineData("/api/needsA", null, 422, "a is a required parameter for this action")]
    [InlineData("/api/needsA?a=", null, 422, "a is a required parameter for this action")]
    [InlineData("/api/upper?string=abc", null, 400, "Input for parameter \"string\" failed validation!")]
    [InlineData("/api/socketOnly", null, 400, "this action does not support the web connection type")]
    [InlineData("/api/throwError", null, 400, "an error")]
    [InlineData("/api/nested", "{\"nested\":{\"y\":1}}", 422, "nested.x is a required parameter for this action")]
    [InlineData("/api/echo", "{\"a\":", 400, "There was an error processing this form.")]
    [InlineData("/api/echo", "{\"a\":1} x", 400, "There was an error processing this form.")]
    [InlineData("/api/echo", "{\"a\":\"\\x\"}", 400, "There was an error processing this form.")]
    public async Task RefusesWithAStatus(string path, string? body, int status, string error)
    {
        using var response = await SendAsync(shared.Host, path, body);
        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        ((int)response.StatusCode).ShouldBe(status);
        json.Text("error").ShouldBe(error);
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["error", "serverInformation", "requesterInformation"]);
    }

    [Theory, InlineData(100), InlineData(10_000), InlineData(100_000)]
    public async Task RefusesABodyThatIsNestedTooDeep(int depth)
    {
        using var response = await SendAsync(shared.Host, "/api/echo", $$"""{"a":{{new string('[', depth)}}{{new string(']', depth)}}}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task RefusesABodyThatIsTooLarge(bool chunked)
    {
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebOptions>(web => web.MaxBodySize = 1000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo");
        request.Content = new StringContent($$"""{"a":"{{new string('x', 2000)}}"}""", Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await host.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("error").ShouldBe("The request body is too large.");
        using var next = await SendAsync(host, "/api/echo", """{"a":1}""");
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TakesHundredsOfThousandsOfParams_InReasonableTime()
    {
        var body = $"{{{string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"n{i}\":1"))},\"a\":1,\"a\":2}}";

        (await EchoAsync("/api/echo?a=0", body).WithinLimit()).ShouldBe("""{"a":2}""");
    }

    [Fact]
    public async Task KeepsTheStatusAt200_WithoutErrorCodes()
    {
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebOptions>(web => web.ReturnErrorCodes = false));
        foreach (var (path, body) in ((string, string?)[])[("/api/nope", null), ("/api/needsA", null), ("/api/echo", "{")])
        {
            using var response = await SendAsync(host, path, body);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task IndentsAsItIsTold()
    {
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebOptions>(web => web.Padding = 2));
        var body = await host.Http.GetStringAsync(new Uri("/api/randomNumber", UriKind.Relative));

        body.ShouldStartWith("{\n  \"value\": 0.5,\n  \"serverInformation\": {\n    \"serverName\": \"polywire\",\n");
        body.ShouldEndWith("\n  }\n}");
        var deep = $$"""{"a":{{new string('[', 62)}}{{new string(']', 62)}}}""";
        using var response = await SendAsync(host, "/api/echo", deep);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TakesAnotherPath()
    {
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.Configure<WebOptions>(web => web.UrlPathForActions = "/my/actions/"));
        using var response = await SendAsync(host, "/my/actions/randomNumber", null);
        using var other = await SendAsync(host, "/api/randomNumber", null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LetsAnActionSetStatusHeadersAndCookies()
    {
        await using var host = await SocketHost.StartAsync(more: (_, _, polywire) => polywire.MapDynamicAction("headers", _ => { }, (context, _) =>
        {
            var http = context.Http!;
            http.StatusCode = 418;
            http.SetHeader("X-Test", $"{http.Method} {http.GetHeader("X-Asked")} {http.GetCookie("c")} {http.GetHeader("X-None") ?? "none"}");
            http.SetCookie("a", "1");
            http.SetCookie("b", "2", "Path=/; HttpOnly");
            Should.Throw<ArgumentException>(() => http.SetHeader("X-Bad", "a\r\nb"));
            Should.Throw<ArgumentException>(() => http.SetHeader("X Bad", "a"));
            Should.Throw<ArgumentException>(() => http.SetCookie("c", "a", "x\nSet-Cookie: d=1"));
            return Task.CompletedTask;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/headers");
        request.Headers.Add("X-Asked", "yes");
        request.Headers.Add("Cookie", "C=no; c=d=e");
        using var response = await host.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(418);
        response.Headers.GetValues("X-Test").ShouldBe(["GET yes d=e none"]);
        response.Headers.GetValues("Set-Cookie").Skip(1).ShouldBe(["a=1", "b=2; Path=/; HttpOnly"]);
    }

    [Fact]
    public async Task AnswersWithTextAndFiles()
    {
        shared.Host.Folder.Write("public/page.html", "<p>page</p>");
        shared.Host.Folder.Write("public/none.txt", "");
        using var text = await SendAsync(shared.Host, "/api/text", null);
        text.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await text.Content.ReadAsStringAsync()).ShouldBe("hello");

        using var page = await SendAsync(shared.Host, "/api/sendFile?name=page.html", null);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldBe("<p>page</p>");

        using var empty = await SendAsync(shared.Host, "/api/sendFile?name=none.txt", null);
        empty.Content.Headers.ContentLength.ShouldBe(0);

        using var missing = await SendAsync(shared.Host, "/api/sendFile?name=../outside.txt", null);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync()).ShouldBe("That file is not found");
    }

    [Fact]
    public async Task CancelsTheRun_WhenTheClientGoes()
    {
        await using var host = await SocketHost.StartAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, host.Http.BaseAddress!.Port);
            await client.GetStream().WriteAsync("GET /api/wait?gate=web HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await host.Gate("web").Entered.WithinLimit();
            client.LingerState = new LingerOption(true, 0);
        }

        await host.Gate("web").Cancelled.WithinLimit();
    }

    [Fact]
    public async Task BearsAClientThatGoesInTheMiddleOfItsBody()
    {
        await using var host = await SocketHost.StartAsync();
        foreach (var reset in (bool[])[true, false])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, host.Http.BaseAddress!.Port);
            await client.GetStream().WriteAsync("POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":"u8.ToArray());
            client.LingerState = new LingerOption(reset, 0);
        }

        using var response = await SendAsync(host, "/api/randomNumber", null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> SendAsync(SocketHost host, string path, string? body)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.Add("Content-Type", "application/json");
        }

        return await host.Http.SendAsync(request);
    }

    // What the action saw, without what every run sees, in the order of the names.
    private async Task<string> EchoAsync(string path, string? body)
    {
        using var response = await SendAsync(shared.Host, path, body);
        var parameters = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("params");
        var own = parameters.EnumerateObject()
            .Where(property => property.Name is not ("action" or "apiVersion"))
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"\"{property.Name}\":{property.Value.GetRawText()}");
        return $"{{{string.Join(',', own)}}}";
    }
}
