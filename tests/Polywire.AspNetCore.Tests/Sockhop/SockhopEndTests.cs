#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Sockhop;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Sockhop;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockhop;

/// <summary>How connections of the Sockhop door end: as those of every other door.</summary>
public sealed class SockhopEndTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begin = new();
    private readonly Watch _watch = new();

    [Fact]
    public async Task QuitIsAnswered_AndSoIsWhatRanBeforeIt()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        var running = AskAsync(client, """{"action":"wait"}""");
        await Until.TrueAsync(() => host.Connections.All.Sum(connection => connection.PendingActions) == 1);

        var quit = await AskAsync(client, """{"event":"quit"}""");
        _gate.SetResult();

        quit.GetProperty("status").GetString().ShouldBe("OK");
        (await running).GetProperty("done").GetBoolean().ShouldBeTrue();
        (await _watch.EndAsync()).ShouldBe(CloseReason.ClientClosed);
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task NothingBehindAQuitIsDone()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        var running = AskAsync(client, """{"action":"wait"}""");
        await Until.TrueAsync(() => host.Connections.All.Sum(connection => connection.PendingActions) == 1);
        await AskAsync(client, """{"event":"quit"}""");

        await client.SendAsync(JsonElement.Parse("""{"event":"roomAdd","room":"lobby"}"""));
        await Should.ThrowAsync<SockhopException>(async () =>
        {
            var late = client.RequestAsync("Object", JsonElement.Parse("""{"action":"wait"}"""));
            _gate.SetResult();
            await running;
            await late.WithinLimit();
        });

        (await _watch.EndAsync()).ShouldBe(CloseReason.ClientClosed);
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task QuitIsHeardWhileAnAnswerThatIsAFileIsNotDone()
    {
        SocketHost? started = null;

        // The file is under way when the loop looks behind the quit, and was not before: no other order shows whether the quit is forgotten.
        var isPending = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var atQuit = new AtLine("quit", () =>
        {
            _begin.TrySetResult();
            isPending.TrySetResult(((DoorConnection)started!.Connections.All.Single()).Session.PendingFile is not null);
        });
        await using var host = started = await StartAsync(log: atQuit);
        await File.WriteAllTextAsync(Path.Combine(host.Public, "file.txt"), "content");
        await using var client = await ConnectAsync(host);
        var file = client.RequestAsync("Object", JsonElement.Parse("""{"action":"heldFile"}"""));

        var quit = await AskAsync(client, """{"event":"quit"}""");
        (await file.WithinLimit()).Kind.ShouldBe(SockhopMessageKind.Buffer);
        (await isPending.Task.WithinLimit()).ShouldBeTrue();
        _gate.SetResult();

        quit.GetProperty("status").GetString().ShouldBe("OK");
        (await _watch.EndAsync()).ShouldBe(CloseReason.ClientClosed);
    }

    [Fact]
    public async Task TheApplicationClosesIt_OutOfAllRooms()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        await AskAsync(client, """{"event":"roomAdd","room":"lobby"}""");

        await host.Connections.All.Single().CloseAsync().AsTask().WithinLimit();

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        (await _watch.EndAsync()).ShouldBe(CloseReason.ServerClosed);
        host.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public async Task APeerThatDoesNotReadEndsAsASlowReader_AndTheLogSaysSo()
    {
        await using var host = await StartAsync(options => options.MaxQueueLength = 64 * 1024);
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit();
        await Until.TrueAsync(() => host.Connections.Count == 1);
        var connection = host.Connections.All.Single();
        var text = new string('x', 32 * 1024);

        for (var sent = 0; !connection.IsClosed; sent++)
        {
            await connection.SendAsync(text);
            sent.ShouldBeLessThan(10_000, "the slow reader was never dropped");
        }

        (await _watch.EndAsync()).ShouldBe(CloseReason.SlowReader);
        host.Logs.GetSnapshot().Count(log => log.Id.Id == EventIds.SlowReaderDropped).ShouldBe(1);
    }

    [Fact]
    public async Task AStopTellsItsMiddlewareSo()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        var disconnected = new TaskCompletionSource();
        client.Disconnected += (_, _) => disconnected.TrySetResult();

        await host.StopAsync();

        (await _watch.EndAsync()).ShouldBe(CloseReason.ServerStopping);
        await disconnected.Task.WithinLimit();
    }

    [Fact]
    public async Task AStopListensNoLonger_WhileWhatRunsIsAnswered()
    {
        await using var host = await StartAsync();
        await using var client = await ConnectAsync(host);
        var running = AskAsync(client, """{"action":"wait"}""");
        await Until.TrueAsync(() => host.Connections.All.Sum(connection => connection.PendingActions) == 1);

        await host.Services.GetRequiredService<SockhopDoor>().StoppingAsync(default);

        using var late = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Should.ThrowAsync<SocketException>(late.ConnectAsync(new UnixDomainSocketEndPoint(host.Folder["sockhop"])).WithinLimit());
        File.Exists(host.Folder["sockhop"]).ShouldBeFalse();
        running.IsCompleted.ShouldBeFalse();
        _gate.SetResult();
        (await running).GetProperty("done").GetBoolean().ShouldBeTrue();
        (await _watch.EndAsync()).ShouldBe(CloseReason.ServerStopping);
    }

    private Task<SocketHost> StartAsync(Action<PolywireOptions>? options = null, AtLine? log = null) => SocketHost.StartAsync(polywire: options, more: (host, builder, polywire) =>
    {
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        }

        builder.Services.AddSingleton(_watch);
        builder.Services.AddScoped(_ => new Held(_gate.Task));
        polywire.AddRooms("lobby").UseConnectionMiddleware<Watch>().AddSockhopServer(sockhop => sockhop.UnixSocketPath = host.Folder["sockhop"]);
        polywire.MapAction("wait", async (Nothing _) =>
        {
            await _gate.Task;
            return new Answer(true);
        });
        polywire.MapAction("heldFile", async (Nothing _, ActionContext context) =>
        {
            context.Services.GetRequiredService<Held>();
            await _begin.Task;
            return ActionResult.File("file.txt");
        });
    });

    private static async Task<SockhopClient> ConnectAsync(SocketHost host) =>
        await SockhopClient.ConnectAsync(new SockhopClientOptions { UnixSocketPath = host.Folder["sockhop"], HandshakeTimeout = Within.Limit }).WithinLimit();

    private static async Task<JsonElement> AskAsync(SockhopClient client, string json) =>
        (await client.RequestAsync("Object", JsonElement.Parse(json)).WithinLimit()).Json.Clone();

    private sealed record Nothing;

    private sealed record Answer(bool Done);

    /// <summary>Lets no run end before it may: its file is out, and still the answer is not done.</summary>
    private sealed class Held(Task gate) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await gate;
    }

    /// <summary>Does something on the thread that writes a line about a verb, before it goes on.</summary>
    private sealed class AtLine(string verb, Action what) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == EventIds.VerbPerformed && formatter(state, exception).Contains(verb, StringComparison.Ordinal))
            {
                what();
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class Watch : IConnectionMiddleware
    {
        private readonly ConcurrentQueue<CloseReason> _ends = new();

        public async Task<CloseReason> EndAsync()
        {
            await Until.TrueAsync(() => !_ends.IsEmpty);
            return _ends.ShouldHaveSingleItem();
        }

        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            _ends.Enqueue(reason);
            return default;
        }
    }
}
