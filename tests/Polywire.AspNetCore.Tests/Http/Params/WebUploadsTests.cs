#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Uploads and other bodies, over HTTP.</summary>
public sealed class WebUploadsTests : IAsyncLifetime
{
    private const string Multipart = "multipart/form-data; boundary=XX";
    private readonly TemporaryFolder _uploads = new();
    private readonly TaskCompletionSource<string> _seen = new();
    private int _runs;
    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _uploads.Dispose();
    }

    [Fact]
    public async Task BindsUploadsToInputs_AndDeletesThemAtTheEnd()
    {
        var answer = await _host.PostAsync("/api/typed", Form(("file\"; filename=\"a b.txt", "hello"), ("note", "n")), Multipart);
        var json = WebHost.Json(answer);

        json.GetProperty("text").GetString().ShouldBe("a b.txt application/octet-stream 5 hello n");
        json.GetProperty("requesterInformation").GetProperty("receivedParams").GetRawText()
            .ShouldBe("""{"file":{"name":"a b.txt","size":5,"type":"application/octet-stream"},"note":"n","action":"typed"}""");
        Directory.GetFiles(_uploads.Path).ShouldBeEmpty();
        (await _seen.Task.WithinLimit()).ShouldStartWith(_uploads["upload_"]);
        _host.Logs.GetSnapshot().ShouldAllBe(entry => !entry.Message.Contains("upload_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"file":"x"}""")]
    [InlineData("""{"file":0}""")]
    [InlineData("""{"file":{"name":"a","size":1,"type":"b","path":"/etc/passwd"}}""")]
    public async Task TakesNothingElseForAnUpload(string body)
    {
        var answer = await _host.PostAsync("/api/typed", body);

        answer.Status.ShouldBe(400);
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("Input for parameter \"file\" failed validation!");
    }

    [Fact]
    public async Task TellsThatAnUploadIsMissing() => (await _host.GetAsync("/api/typed?note=n")).Status.ShouldBe(422);

    [Fact]
    public async Task LeavesAFileThatTheActionTook()
    {
        await _host.PostAsync("/api/keep", Form(("file\"; filename=\"a", "kept")), Multipart);
        await _host.PostAsync("/api/move", Form(("file\"; filename=\"a", "moved")), Multipart);

        var files = Directory.GetFiles(_uploads.Path);
        files.Length.ShouldBe(2);
        File.ReadAllText(_uploads["there.txt"]).ShouldBe("moved");
        File.ReadAllText(files.Single(file => file != _uploads["there.txt"])).ShouldBe("kept");
    }

    [Fact]
    public async Task TakesAWholeBodyForAFile()
    {
        var answer = await _host.PostAsync("/api/typed?note=n", "hello", "application/octet-stream", "X-File-Name: ../dir/a.bin");

        WebHost.Json(answer).GetProperty("text").GetString().ShouldBe("a.bin application/octet-stream 5 hello n");
    }

    [Fact]
    public async Task DeletesUploads_WhereTheActionFailsOrIsUnknown()
    {
        (await _host.PostAsync("/api/throws", Form(("file\"; filename=\"a", "1")), Multipart)).Status.ShouldBe(400);
        (await _host.PostAsync("/api/nope", Form(("file\"; filename=\"a", "1")), Multipart)).Status.ShouldBe(404);

        Directory.GetFiles(_uploads.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("file\"; filename=\"a", 1001)]
    [InlineData("note", 501)]
    public async Task RefusesWhatIsTooLarge(string name, int size)
    {
        var answer = await _host.PostAsync("/api/typed", Form((name, new string('x', size))), Multipart);

        answer.Status.ShouldBe(413);
        answer["connection"].ShouldBe("close");
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("The request body is too large.");
        WebHost.Json(answer).TryGetProperty("text", out _).ShouldBeFalse();
        Directory.GetFiles(_uploads.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhel")]
    [InlineData("multipart/form-data; boundary=YY", "--XX--\r\n")]
    [InlineData("multipart/form-data", "--XX--\r\n")]
    [InlineData("multipart/form-data; boundary=XX", "")]
    public async Task RefusesABrokenForm(string type, string body)
    {
        // A length that is not 0, so that it counts as a body.
        var answer = await _host.PostAsync("/api/typed", body.Length == 0 ? " " : body, type);

        answer.Status.ShouldBe(400);
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("There was an error processing this form.");
        Volatile.Read(ref _runs).ShouldBe(0);
        Directory.GetFiles(_uploads.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json", "{\"a\":1")]
    [InlineData("application/x-www-form-urlencoded", "a=1")]
    [InlineData(Multipart, "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello")]
    [InlineData("application/octet-stream", "hello")]
    public async Task RunsNothing_WhereTheClientGoesInTheMiddleOfItsBody(string type, string body)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
            await client.GetStream().WriteAsync(
                Encoding.UTF8.GetBytes($"POST /api/count HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 100000\r\n\r\n{body}"));
            if (type == Multipart)
            {
                // The file is there before the client is gone.
                await WaitForAsync(() => Directory.GetFiles(_uploads.Path).Length == 1);
            }

            client.LingerState = new LingerOption(true, 0);
        }

        await _host.Logs.WaitForAsync(entry => entry.Message.StartsWith("The body of a web request was rejected", StringComparison.Ordinal), Within.Limit);
        await WaitForAsync(() => Directory.GetFiles(_uploads.Path).Length == 0);
        Volatile.Read(ref _runs).ShouldBe(0);
    }

    [Fact]
    public async Task KeepsTheBytesOfABody_WhereItIsTold()
    {
        await using var host = await StartAsync(web => web.SaveRawBody = true);

        (await RawAsync("{\"a\":  1}", "application/json")).ShouldBe("""{"raw":"{\u0022a\u0022:  1}","query":{"q":"1","r":["1","2"],"s[x]":"3"},"body":{"a":1},"files":[]}""");
        (await RawAsync("<a/>", "text/xml")).ShouldBe("""{"raw":"<a/>","query":{"q":"1","r":["1","2"],"s[x]":"3"},"body":{},"files":[]}""".Replace("<a/>", "\\u003Ca/\\u003E", StringComparison.Ordinal));
        (await RawAsync("[1,2]", "application/json")).ShouldBe("""{"raw":"[1,2]","query":{"q":"1","r":["1","2"],"s[x]":"3"},"body":[1,2],"files":[]}""");
        (await RawAsync("a=1&a=2&zzz=3", "application/x-www-form-urlencoded")).ShouldContain("\"body\":{\"a\":[\"1\",\"2\"],\"zzz\":\"3\"}");
        (await RawAsync(Form(("file\"; filename=\"a", "1"), ("note", "n")), Multipart)).ShouldEndWith("\"body\":{\"note\":\"n\"},\"files\":[\"file\"]}");
        (await RawAsync(Form(("f\"; filename=\"a", "1"), ("note", "n")), Multipart)).ShouldEndWith("\"body\":{\"note\":\"n\"},\"files\":[]}");
        (await host.PostAsync("/api/raw", new string('x', 2001), "text/xml")).Status.ShouldBe(413);

        async Task<string> RawAsync(string body, string type)
        {
            var json = WebHost.Json(await host.PostAsync("/api/raw?q=1&r=1&r=2&s[x]=3", body, type)).GetProperty("seen");
            return System.Text.Json.JsonSerializer.Serialize(json);
        }
    }

    [Fact]
    public async Task ShowsTheBodyAsItWasSent_WhateverTheRouteSays()
    {
        var json = WebHost.Json(await _host.PostAsync("/api/raws/7", """{"id":"9","action":"nope"}"""));

        json.GetProperty("seen").GetProperty("body").GetRawText().ShouldBe("""{"id":"9","action":"nope"}""");
    }

    [Fact]
    public async Task TakesJsonForAForm_WhereItIsNotToSniff()
    {
        await using var host = await StartAsync(web => web.SniffJsonForms = false);

        (await host.PostAsync("/api/typed", """{"note":"n"}""", "application/x-www-form-urlencoded")).Status.ShouldBe(422);
        WebHost.Json(await _host.PostAsync("/api/echo", """ {"a":1}""", "application/x-www-form-urlencoded")).GetProperty("params").GetProperty("a").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("GET", "Content-Type: application/json")]
    [InlineData("POST", "X-None: 1")]
    [InlineData("POST", "Content-Type: text/plain")]
    public async Task PassesOverABodyThatIsNotRead_AndReadsTheNextRequest(string method, string header)
    {
        var request = $"{method} /api/echo?b=1 HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: 7\r\n\r\n{{\"a\":1}}";
        var last = "GET /api/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        var answers = await _host.RawAsync(request + request + last);

        answers.Text.ShouldContain("HTTP/1.1 200 OK");
        answers.Text.ShouldContain("\"other\":true");
        answers.Text.ShouldNotContain("\"a\":1");
    }

    [Fact]
    public async Task AnswersOnce_WhereTheFolderTakesNothing()
    {
        Directory.Delete(_uploads.Path);
        _host.ExpectedErrors = static entry => entry.Message.StartsWith("An upload could not be stored", StringComparison.Ordinal);

        var answer = await _host.PostAsync("/api/typed", Form(("file\"; filename=\"a", "1")), Multipart);

        answer.Status.ShouldBe(500);
        WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("internal error");
        answer.Text.ShouldNotContain(_uploads.Path);
        _host.Logs.GetSnapshot().Count(entry => entry.Level == LogLevel.Error).ShouldBe(1);
        Directory.CreateDirectory(_uploads.Path);
    }

    [Fact]
    public async Task KeepsAnExtension_WhereItIsTold()
    {
        await using var host = await StartAsync(web => web.FormOptions.KeepExtensions = true);

        await host.PostAsync("/api/keep", Form(("file\"; filename=\"a.tar.gz", "1")), Multipart);
        await host.PostAsync("/api/keep", Form(("file\"; filename=\"a.b/c%2fd e", "1")), Multipart);

        Directory.GetFiles(_uploads.Path).Select(Path.GetExtension).Order().ShouldBe(["", ".gz"]);
    }

    private static string Form(params (string Name, string Content)[] parts) =>
        string.Concat(parts.Select(part => $"--XX\r\nContent-Disposition: form-data; name=\"{part.Name}\"\r\n\r\n{part.Content}\r\n")) + "--XX--\r\n";

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Within.Limit);
        while (!condition())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<WebHost> StartAsync(Action<WebOptions>? more = null) => WebHost.StartAsync(
        web =>
        {
            web.FormOptions.UploadDirectory = _uploads.Path;
            web.FormOptions.MaxFileSize = 1000;
            web.FormOptions.MaxFieldsSize = 500;
            web.MaxBodySize = 2000;
            more?.Invoke(web);
        },
        (_, polywire) =>
        {
            polywire.MapAction<Upload, Described>("typed", async input =>
            {
                _seen.TrySetResult(input.File.Path);
                using var reader = new StreamReader(input.File.OpenReadStream());
                var content = await reader.ReadToEndAsync();
                return new Described(string.Create(
                    CultureInfo.InvariantCulture, $"{input.File.Name} {input.File.ContentType} {input.File.Length} {content} {input.Note}"));
            });
            Dynamic("keep", context => ((UploadedFile)context.Params["file"]!).Keep());
            Dynamic("move", context => ((UploadedFile)context.Params["file"]!).MoveTo(_uploads["there.txt"]));
            Dynamic("throws", _ => throw new ActionException("no"));
            Dynamic("count", _ => Interlocked.Increment(ref _runs));
            Dynamic("raw", Raw).WithRoute(RouteMethods.Post, "/raws/{id}");

            ActionBuilder Dynamic(string name, Action<ActionContext> run) => polywire.MapDynamicAction(name, inputs => inputs.Optional("file"), (context, _) =>
            {
                run(context);
                return Task.CompletedTask;
            });
        });

    private static void Raw(ActionContext context)
    {
        var http = context.Http!;
        context.Response["seen"] = new Dictionary<string, object?>
        {
            ["raw"] = http.RawBody is { } raw ? Encoding.UTF8.GetString(raw.Span) : null,
            ["query"] = http.Query.ToDictionary(),
            ["body"] = http.Body,
            ["files"] = http.Files.Keys.ToArray(),
        };
    }

    internal sealed record Upload(UploadedFile File, string? Note = null);

    internal sealed record Described(string Text);
}
