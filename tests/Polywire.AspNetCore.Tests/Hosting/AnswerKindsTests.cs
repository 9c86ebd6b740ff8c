#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.AspNetCore.Tests.WebSockets;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Every kind of answer over every transport that stays: each has the answer it can send, or an error that says why not.</summary>
public sealed class AnswerKindsTests : IAsyncLifetime
{
    private const string Marker = "marker";
    private const int MaxQueueLength = 100_000;
    private const string Silence = "nothing";

    private static readonly string Long = new('x', 50_000);

    // What is answered; "file:" stands for the bytes of one.
    private static readonly (string Kind, string Answer)[] Kinds =
    [
        ("fileShort", "file:words"),
        ("fileLater", "file:words"),
        ("fileLong", "file:" + Long),
        ("fileEmpty", "file:"),
        ("fileAbsent", "error:That file is not found"),
        ("fileOutside", "error:That file is not found"),
        ("fileTooLarge", "error:file is too large"),
        ("text", "response:\"hello\""),
        ("bytes", "response:\"AQI=\""),
        ("bytesEmpty", "response:\"\""),
        ("json", "value:1"),
        ("stream", "error:this answer can only be sent on the web"),
        ("streamLater", "error:this answer can only be sent on the web"),
        ("streamAndError", "error:failed"),
        ("streamSilent", Silence),
        ("none", "empty"),
        ("noContent", "empty"),
        ("silent", Silence),
    ];

    private readonly ConcurrentBag<Ended> _streams = [];
    private SocketHost _host = null!;

    public static TheoryData<string, string, string> All
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var door in (string[])["tcp", "websocket", "sockhop text", "sockhop binary", "sockhop message"])
            {
                foreach (var (kind, answer) in Kinds)
                {
                    data.Add(door, kind, (door, kind) switch
                    {
                        // Bytes alone: of any number, none among them.
                        ("tcp", "fileEmpty") => Silence,
                        ("tcp", "fileTooLarge") => "file:" + Long + Long + Long,
                        _ => answer,
                    });
                }
            }

            return data;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _host = await SocketHost.StartAsync(
            polywire: options => options.MaxQueueLength = MaxQueueLength,
            more: (host, _, polywire) =>
            {
                polywire.AddSockhopServer(sockhop => sockhop.UnixSocketPath = host.Folder["sockhop"]);
                Map(polywire);
            });
        foreach (var (name, content) in (ReadOnlySpan<(string, string)>)[("file", "words"), ("long", Long), ("empty", ""), ("large", Long + Long + Long)])
        {
            File.WriteAllText(Path.Combine(_host.Public, name), content);
        }

        File.WriteAllText(_host.Folder["outside"], "secret");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(All))]
    public async Task AnswersWhatItCan(string door, string kind, string expected)
    {
        var answer = door switch
        {
            "tcp" => await OverTcpAsync(kind),
            "websocket" => await OverWebSocketAsync(kind),
            "sockhop message" => await TellSockhopAsync(kind, expected == Silence),
            _ => await AskSockhopAsync(kind, door == "sockhop text", expected == Silence),
        };

        answer.ShouldBe(expected);
        foreach (var stream in _streams)
        {
            await stream.Disposed.WithinLimit();
        }
    }

    private void Map(IPolywireBuilder polywire)
    {
        polywire.MapAction<Input, Dictionary<string, bool>>(Marker, _ => new() { [Marker] = true });
        Add("fileShort", () => ActionResult.File("file"));
        Add("fileLong", () => ActionResult.File("long"));
        Add("fileEmpty", () => ActionResult.File("empty"));
        Add("fileAbsent", () => ActionResult.File("absent"));
        Add("fileOutside", () => ActionResult.File("../outside"));
        Add("fileTooLarge", () => ActionResult.File("large"));
        Add("text", () => ActionResult.Text("hello"));
        Add("bytes", () => ActionResult.Bytes(new byte[] { 1, 2 }));
        Add("bytesEmpty", () => ActionResult.Bytes(default));
        Add("json", () => ActionResult.Json(new Dictionary<string, int> { ["value"] = 1 }));
        Add("stream", NewStream);
        Add("none", () => ActionResult.None);
        Add("noContent", () => ActionResult.NoContent);
        polywire.MapDynamicAction("fileLater", _ => { }, async (context, _) =>
        {
            await Task.Yield();
            context.Result = ActionResult.File("file");
        });
        polywire.MapDynamicAction("streamLater", _ => { }, async (context, _) =>
        {
            await Task.Yield();
            context.Result = NewStream();
        });
        polywire.MapDynamicAction("streamAndError", _ => { }, (context, _) =>
        {
            context.Result = NewStream();
            throw new ActionException("failed");
        });
        polywire.MapDynamicAction("streamSilent", _ => { }, (context, _) =>
        {
            context.Result = NewStream();
            context.ToRender = false;
            return Task.CompletedTask;
        });

        void Add(string name, Func<ActionResult> answer) => polywire.MapAction<Input, ActionResult>(name, _ => answer());
    }

    private ActionResult NewStream()
    {
        var stream = new Ended();
        _streams.Add(stream);
        return ActionResult.Stream(stream);
    }

    // What comes before the marker's answer is the answer of what was asked before.
    private async Task<string> OverTcpAsync(string kind)
    {
        await using var client = await _host.ConnectAsync();
        await client.SendAsync($$"""{"action":"{{kind}}"}""" + "\r\n");
        await IdleAsync();
        await client.SendAsync($$"""{"action":"{{Marker}}"}""" + "\r\n");
        var line = await client.ReadLineAsync();
        if (line.StartsWith($$"""{"{{Marker}}":""", StringComparison.Ordinal))
        {
            return Silence;
        }

        // A file ends without a line of its own.
        var at = line.IndexOf($$"""{"{{Marker}}":""", StringComparison.Ordinal);
        return at >= 0 ? "file:" + line[..at] : Of(line);
    }

    private async Task<string> OverWebSocketAsync(string kind)
    {
        await using var client = await WebSocketClient.ConnectAsync(_host);
        await client.SendAsync($$$"""{"event":"action","params":{"action":"{{{kind}}}"}}""");
        await IdleAsync();
        await client.SendAsync($$$"""{"event":"action","params":{"action":"{{{Marker}}}"}}""");
        var answer = await client.ReadAsync();
        return answer.StartsWith($$"""{"{{Marker}}":""", StringComparison.Ordinal) ? Silence : Of(answer);
    }

    private async Task<string> AskSockhopAsync(string kind, bool asText, bool expectsSilence)
    {
        await using var client = await ConnectAsync(asText);
        var asked = client.RequestAsync("Object", JsonElement.Parse($$"""{"action":"{{kind}}"}"""));
        if (expectsSilence)
        {
            await IdleAsync();
            await client.RequestAsync("Object", JsonElement.Parse($$"""{"action":"{{Marker}}"}""")).WithinLimit();
            asked.IsCompleted.ShouldBeFalse();
            return Silence;
        }

        return Of(await asked.WithinLimit());
    }

    private async Task<string> TellSockhopAsync(string kind, bool expectsSilence)
    {
        await using var client = await ConnectAsync(asText: false);
        await client.SendAsync("Object", JsonElement.Parse($$"""{"action":"{{kind}}"}"""));
        if (expectsSilence)
        {
            // Only here: a file is read before it is sent, and what is asked for behind it may be answered first.
            await IdleAsync();
            await client.SendAsync("Object", JsonElement.Parse($$"""{"action":"{{Marker}}"}"""));
        }

        await foreach (var message in client.ReadAllAsync())
        {
            return message.Kind == SockhopMessageKind.Json && message.Json.TryGetProperty(Marker, out _) ? Silence : Of(message);
        }

        return "the end";
    }

    private Task<SockhopClient> ConnectAsync(bool asText) => SockhopClient.ConnectAsync(new SockhopClientOptions
    {
        UnixSocketPath = _host.Folder["sockhop"],
        CompatibilityMode = asText,
        HandshakeTimeout = Within.Limit,
    }).WithinLimit();

    // The log tells that it ran, the connection that it has been answered.
    private Task IdleAsync() => Until.TrueAsync(() =>
        _host.Logs.GetSnapshot().Any(log => log.Message.StartsWith("[ action @ ", StringComparison.Ordinal))
        && _host.Connections.All.All(connection => connection.PendingActions == 0));

    private static string Of(SockhopMessage message) => message.Kind switch
    {
        SockhopMessageKind.Json => Of(Encoding.UTF8.GetString(message.Utf8Json.Span)),
        SockhopMessageKind.Buffer => "file:" + Encoding.UTF8.GetString(message.Memory.Span),
        var kind => kind.ToString(),
    };

    private static string Of(string json)
    {
        var answer = JsonElement.Parse(json);
        answer.GetProperty("context").GetString().ShouldBe("response");
        foreach (var name in (string[])["error", "response", "value", "content"])
        {
            if (answer.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return name switch
                {
                    "error" => "error:" + value.GetString(),
                    "content" => "file:" + value.GetString(),
                    _ => $"{name}:{value.GetRawText()}",
                };
            }
        }

        return "empty";
    }

    internal sealed record Input;

    private sealed class Ended : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new();

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
