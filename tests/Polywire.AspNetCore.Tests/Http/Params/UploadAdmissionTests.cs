#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net.Sockets;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Tests.Policies;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Files are stored for an action that runs and takes them, and for nobody else.</summary>
public sealed class UploadAdmissionTests : IAsyncLifetime
{
    private const string Multipart = "multipart/form-data; boundary=XX";
    private readonly TemporaryFolder _uploads = new();
    private readonly SemaphoreSlim _running = new(0);
    private readonly TaskCompletionSource _goOn = new();
    private WebHost _host = null!;

    /// <summary>Whatever a refused request is, while half of its file has come.</summary>
    public static TheoryData<string, string, int> Refused { get; } = new()
    {
        { "/api/nope", Multipart, 404 },
        { "/api", Multipart, 404 },
        { "/api?action=nope", Multipart, 404 },
        { "/api/take?apiVersion=9", Multipart, 404 },
        { "/api/closed", Multipart, 401 },
        { "/api/limited", Multipart, 429 },
        { "/api/blocked", Multipart, 400 },
        { "/api/guarded", Multipart, 400 },
        { "/api/nope", "application/octet-stream", 404 },
        { "/api/closed", "application/octet-stream", 401 },
        { "/api/limited", "application/octet-stream", 429 },
        { "/api/blocked", "application/octet-stream", 400 },
        { "/api/none", "application/octet-stream", 200 },
        { "/api/bare", "application/octet-stream", 200 },
    };

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _uploads.Dispose();
        _running.Dispose();
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task AnswersBeforeTheFileHasCome_AndStoresNothing(string target, string type, int status)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        var start = type == Multipart ? "--XX\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nhello" : "hello";
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 900\r\n\r\n{start}"));

        // The answer is there though the rest of the body is not.
        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadLineAsync().WaitAsync(Within.Limit))!.ShouldStartWith($"HTTP/1.1 {status} ");

        Stored().ShouldBe(0);
        _host.Services.GetRequiredService<UploadBudget>().Used.ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/none"), InlineData("/api/bare")]
    public async Task PassesOverFilesThatNoInputTakes_AndReadsTheFieldsBehindThem(string target)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {Multipart}\r\nContent-Length: 900\r\n\r\n--XX\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nhello"));
            await client.GetStream().WriteAsync(new byte[500]);
            Stored().ShouldBe(0);
        }

        var answer = await _host.PostAsync(target, Form(("file\"; filename=\"a", "hello"), ("note", "n")), Multipart);
        WebHost.Json(answer).GetProperty("note").GetString().ShouldBe("n");
        WebHost.Json(answer).GetProperty("files").GetInt32().ShouldBe(0);
        answer = await _host.PostAsync("/api/take", Form(("other\"; filename=\"a", "hello"), ("note", "n"), ("file\"; filename=\"b", "there")), Multipart);
        WebHost.Json(answer).GetProperty("files").GetInt32().ShouldBe(1);
        WebHost.Json(answer).GetProperty("text").GetString().ShouldBe("there n");
        (await _host.PostAsync(target, Form(("file\"; filename=\"a", new string('x', 1001))), Multipart)).Status.ShouldBe(413);
    }

    [Fact]
    public async Task TakesAnyName_WhereTheActionSaysSo()
    {
        var answer = await _host.PostAsync("/api/all", Form(("x\"; filename=\"a", "1"), ("y\"; filename=\"b", "2")), Multipart);

        WebHost.Json(answer).GetProperty("files").GetInt32().ShouldBe(2);
        Stored().ShouldBe(0);
    }

    [Theory]
    [InlineData("/api?action=take")]
    [InlineData("/api")]
    [InlineData("/api?action=none")]
    public async Task TheActionMayBeNamedInAFieldBeforeTheFile(string target)
    {
        var answer = await _host.PostAsync(target, Form(("action", "take"), ("file\"; filename=\"a", "hello"), ("note", "n")), Multipart);

        answer.Status.ShouldBe(200);
        WebHost.Json(answer).GetProperty("text").GetString().ShouldBe("hello n");
    }

    [Fact]
    public async Task AFieldBehindAFileChangesNoAction()
    {
        // Nobody named one before the file.
        (await _host.PostAsync("/api", Form(("file\"; filename=\"a", "hello"), ("action", "take")), Multipart)).Status.ShouldBe(404);

        // The one that was asked is not the one that would run.
        foreach (var (name, value) in ((string, string)[])[("action", "closed"), ("action", "none"), ("action", "nope"), ("apiVersion", "9")])
        {
            var answer = await _host.PostAsync("/api?action=take", Form(("file\"; filename=\"a", "hello"), (name, value)), Multipart);

            answer.Status.ShouldBe(400, name);
            WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("The action has to be named before the first file of the form.");
        }

        // The same again, or a route, is no change.
        (await _host.PostAsync("/api?action=take", Form(("file\"; filename=\"a", "hello"), ("action", "take")), Multipart)).Status.ShouldBe(200);
        (await _host.PostAsync("/api/take", Form(("file\"; filename=\"a", "hello"), ("action", "closed")), Multipart)).Status.ShouldBe(200);
        Stored().ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/take", "mine", "theirs", 400)]
    [InlineData("/api/take", "mine", "", 400)]
    [InlineData("/api/take?note=mine", null, "theirs", 400)]
    [InlineData("/api/take?note[]=mine", null, "mine", 400)]
    [InlineData("/api/take?file=mine", null, null, 400)]
    [InlineData("/api/take", "mine", "mine", 200)]
    [InlineData("/api/take?note=mine", null, "mine", 200)]
    [InlineData("/api/take?note=theirs", "mine", null, 200)]
    [InlineData("/api/bare", "theirs", "mine", 200)]
    public async Task WhatWasSeenBeforeTheFileStays(string target, string? before, string? behind, int status)
    {
        var parts = new (string, string?)[] { ("note", before), ("file\"; filename=\"a", "hello"), ("note", behind) };

        var answer = await _host.PostAsync(target, Form([.. parts.Where(part => part.Item2 is not null).Select(part => (part.Item1, part.Item2!))]), Multipart);

        // Middleware may have let the action in because of it.
        answer.Status.ShouldBe(status);
        var json = WebHost.Json(answer);
        (status == 200 ? json.GetProperty("note") : json.GetProperty("error")).GetString()
            .ShouldBe(status == 200 ? "mine" : "What stands behind the first file of the form cannot change a param that was sent before it.");
        Stored().ShouldBe(0);
    }

    [Fact]
    public async Task MiddlewareOfTheActionSeesTheWholeForm_AndWhatGuardsChangedStays()
    {
        var answer = await _host.PostAsync("/api/seen", Form(("a", "1"), ("file\"; filename=\"a", "hello"), ("b", "2")), Multipart);

        WebHost.Json(answer).GetProperty("seen").GetString().ShouldBe("a,action,set | file,a,b,action,set");
        WebHost.Json(answer).GetProperty("requesterInformation").GetProperty("receivedParams").GetRawText()
            .ShouldBe("""{"file":{"name":"a","size":5,"type":"application/octet-stream"},"a":"1","b":"2","action":"seen"}""");
    }

    [Fact]
    public async Task AllUploadsTogetherAreBounded()
    {
        await using var host = await StartAsync(web => web.FormOptions.MaxUploadsSize = 10_000);
        var budget = host.Services.GetRequiredService<UploadBudget>();
        var first = host.PostAsync("/api/wait", Form(("file\"; filename=\"a", new string('x', 900))), Multipart);
        var second = host.PostAsync("/api/wait", "hello", "application/octet-stream");
        await _running.WaitAsync(Within.Limit);
        await _running.WaitAsync(Within.Limit);
        budget.Used.ShouldBe(2 * UploadBudget.BlockBytes);

        foreach (var type in (string[])[Multipart, "application/octet-stream"])
        {
            var answer = await host.PostAsync("/api/take", type == Multipart ? Form(("file\"; filename=\"a", "hello")) : "hello", type);

            answer.Status.ShouldBe(503);
            answer["retry-after"].ShouldBe("1");
            answer["connection"].ShouldBe("close");
            WebHost.Json(answer).GetProperty("error").GetString().ShouldBe("The server has no room for uploads at the moment.");
        }

        // Others are served.
        (await host.PostAsync("/api/take", Form(("note", "n")), Multipart)).Status.ShouldBe(200);
        host.Logs.GetSnapshot().Count(entry => entry.Message.Contains("Polywire:Web:FormOptions:MaxUploadsSize", StringComparison.Ordinal)).ShouldBe(1);
        _goOn.SetResult();
        (await first).Status.ShouldBe(200);
        (await second).Status.ShouldBe(200);
        budget.Used.ShouldBe(0);
        Stored().ShouldBe(0);
        (await host.PostAsync("/api/take", Form(("file\"; filename=\"a", "hello")), Multipart)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/take")]
    [InlineData("/api/none")]
    [InlineData("/api/bare")]
    [InlineData("/api/closed")]
    public async Task NothingIsLeft_WhereverTheClientLeaves(string target)
    {
        var form = Form(("a", "1"), ("file\"; filename=\"a", "hello"), ("file\"; filename=\"b", "there"), ("b", "2"));
        for (var length = 0; length < form.Length; length += 7)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {Multipart}\r\nContent-Length: {form.Length}\r\n\r\n{form[..length]}"));
            client.LingerState = new LingerOption(true, 0);
        }

        var budget = _host.Services.GetRequiredService<UploadBudget>();
        await _host.StopAsync();
        budget.Used.ShouldBe(0);
        Stored().ShouldBe(0);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=XX")]
    [InlineData("multipart/form-data")]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    public async Task ARequestWithoutALengthHasNoBody(string type)
    {
        foreach (var framing in (string[])["", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n"])
        {
            if (framing.StartsWith('T') && type == "multipart/form-data")
            {
                continue;
            }

            var answer = await _host.RawAsync(
                $"POST /api/take HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {type}\r\n{framing}\r\n{(framing.StartsWith('T') ? "0\r\n\r\n" : "")}");

            answer.Status.ShouldBe(200, framing);
            WebHost.Json(answer).GetProperty("files").GetInt32().ShouldBe(0);
            WebHost.Json(answer).GetProperty("text").GetString().ShouldBe(" ");
        }
    }

    private static string Form(params (string Name, string Content)[] parts) =>
        string.Concat(parts.Select(part => $"--XX\r\nContent-Disposition: form-data; name=\"{part.Name}\"\r\n\r\n{part.Content}\r\n")) + "--XX--\r\n";

    private int Stored() => Directory.GetFiles(_uploads.Path).Length;

    private Task<WebHost> StartAsync(Action<WebOptions>? more = null) => WebHost.StartAsync(
        web =>
        {
            web.FormOptions.UploadDirectory = _uploads.Path;
            web.FormOptions.MaxFileSize = 1000;
            more?.Invoke(web);
        },
        (builder, polywire) =>
        {
            builder.Services.AddAuthentication(HeaderScheme.Default).AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Default, null);
            builder.Services.AddAuthorization();
            polywire.AddRateLimit("none", _ => RateLimitPartition.Get("x", _ => new NoPermits()));
            polywire.UseMiddleware<Guard>();
            Map("take", inputs => inputs.Optional("file").Optional("note"));
            Map("none", inputs => inputs.Optional("note"));
            polywire.MapAction("bare", (Bare input, ActionContext context) => new BareAnswer(input.Note, context.Http!.Files.Count));
            Map("all", _ => { }).WithMetadata(new AcceptsFilesAttribute());
            Map("closed", inputs => inputs.Optional("file")).WithMetadata(new AuthorizeAttribute());
            Map("limited", inputs => inputs.Optional("file")).WithMetadata(new RateLimitAttribute("none"));
            Map("blocked", inputs => inputs.Optional("file")).BlockTransport(Transports.Web);
            Map("guarded", inputs => inputs.Optional("file"));
            Map("seen", inputs => inputs.Optional("file").Optional("a").Optional("b").Optional("set")).Action.Middleware = [_ => new See()];
            polywire.MapDynamicAction("wait", inputs => inputs.Optional("file"), async (_, _) =>
            {
                _running.Release();
                await _goOn.Task;
            });

            ActionBuilder Map(string name, Action<DynamicInputs> inputs) => polywire.MapDynamicAction(name, inputs, async (context, cancellationToken) =>
            {
                var file = context.Params["file"] as UploadedFile;
                context.Response["text"] = $"{(file is null ? "" : await File.ReadAllTextAsync(file.Path, cancellationToken))} {context.Params["note"]}";
                context.Response["note"] = context.Params["note"];
                context.Response["files"] = context.Http!.Files.Count;
                context.Response["seen"] = context.Items.TryGetValue("seen", out var seen) ? seen : null;
            });
        });

    private sealed record Bare(string? Note = null);

    private sealed record BareAnswer(string? Note, int Files);

    private sealed class Guard : IActionMiddleware
    {
        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            context.Items["seen"] = string.Join(',', context.Params.Names.Where(name => name != "apiVersion"));
            if (context.Action.Name == "guarded")
            {
                throw new ActionException("no");
            }

            if (context.Action.Name == "seen")
            {
                context.Params["set"] = "s";
                context.Items["seen"] = string.Join(',', context.Params.Names.Where(name => name != "apiVersion"));
            }

            return next(context);
        }
    }

    private sealed class See : IActionMiddleware
    {
        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            context.Items["seen"] += $" | {string.Join(',', context.Params.Names.Where(name => name != "apiVersion"))}";
            return next(context);
        }
    }

    private sealed class NoPermits : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => new NoLease();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(new NoLease());
    }

    private sealed class NoLease : RateLimitLease
    {
        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
