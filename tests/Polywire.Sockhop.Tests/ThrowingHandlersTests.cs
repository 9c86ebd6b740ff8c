#pragma warning disable xUnit1051 // Every wait is bounded.
#pragma warning disable xUnit1031 // What blocks is what is tested.
using System.Collections.Concurrent;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>What handlers of events throw, also behind an <c>await</c>, is told and ends neither the connection nor the process.</summary>
public sealed class ThrowingHandlersTests
{
    private readonly ConcurrentQueue<string> _told = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TellsWhatEveryEventThrows(bool later)
    {
        await using (var pair = new Pair())
        {
            pair.Client.HandlerFailed += (_, exception) => _told.Enqueue($"client {exception.Message}");
            pair.Server.HandlerFailed += (_, exception) => _told.Enqueue($"server {exception.Message}");
            pair.Client.Connected += async _ => await ThrowAsync(later, "connected");
            pair.Client.HandshakeCompleted += async (_, _) => await ThrowAsync(later, "handshake");
            pair.Client.BinaryModeChanged += async (_, change) => await ThrowAsync(later, "binary");
            pair.Client.Disconnected += async (_, _) => await ThrowAsync(later, "disconnected");
            pair.Client.HandshakeLost += async _ => await ThrowAsync(later, "lost");
            pair.Server.Connected += async _ => await ThrowAsync(later, "connected");
            pair.Server.HandshakeCompleted += async (_, _) => await ThrowAsync(later, "handshake");
            pair.Server.BinaryModeChanged += async (_, change) => await ThrowAsync(later, "binary");
            pair.Server.Disconnected += async (_, _) => await ThrowAsync(later, "disconnected");
            pair.Server.OnRequest<Job, Done>((job, _, _) => new ValueTask<Done>(new Done(job.Id)));
            await pair.StartAsync();

            (await pair.Client.RequestAsync<Done>(new Job(7)).WithinLimit()).Id.ShouldBe(7);
            await pair.Client.DisconnectAsync().WithinLimit();
            await HeardAsync("client connected", "client handshake", "client binary", "client disconnected", "client lost");
            await HeardAsync("server connected", "server handshake", "server binary", "server disconnected");
        }
    }

    [Fact]
    public async Task AHandlerForFailuresThatFails_ReachesNobody()
    {
        await using var pair = new Pair();
        pair.Client.HandlerFailed += async (_, _) => await ThrowAsync(later: true, "again");
        pair.Client.Connected += async _ => await ThrowAsync(later: true, "connected");
        pair.Client.HandshakeCompleted += (_, _) => throw new InvalidOperationException("handshake");
        pair.Server.OnRequest<Job, Done>((job, _, _) => new ValueTask<Done>(new Done(job.Id)));
        await pair.StartAsync();

        (await pair.Client.RequestAsync<Done>(new Job(7)).WithinLimit()).Id.ShouldBe(7);
        await HeardAsync("again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusesFurther_WhenTheHandlerForRefusalsThrows(bool later)
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer<SockhopSession>(
            new SockhopServerOptions { UnixSocketPath = folder["s"] }, () => throw new InvalidOperationException("no session"));
        server.ConnectionRefused += async (_, _) => await ThrowAsync(later, "refused");
        await server.StartAsync();

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await using var client = new SockhopClient(new SockhopClientOptions { UnixSocketPath = folder["s"], CompatibilityMode = true });
            await client.ConnectAsync().WithinLimit();
            await Until.TrueAsync(() => _told.Count == attempt);
        }
    }

    [Fact]
    public async Task AHandlerOfReconnectFailed_MayBlockItsThreadToDisconnect()
    {
        var clock = new ManualTimeProvider();
        await using var served = new ServedClient(o =>
            (o.CompatibilityMode, o.Reconnect, o.TimeProvider) = (true, SockhopReconnectMode.Connect, clock));
        var disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        served.Client.ReconnectFailed += (client, _) =>
        {
            // What the handler must not do, and some will: the rest of the client must not hang on it.
            client.DisconnectAsync().GetAwaiter().GetResult();
            disconnected.TrySetResult();
        };
        using (await served.ConnectAsync())
        {
            served.Listener.Dispose();
        }

        await Until.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            return disconnected.Task.IsCompleted;
        }).WithinLimit();
        await served.Client.DisposeAsync().WithinLimit();
    }

    [Fact]
    public async Task PingsGoOn_WhenTheClockFailsForAWhile()
    {
        var clock = new BrokenClock();
        await using var served = new ServedClient(o => (o.CompatibilityMode, o.TimeProvider, o.PingInterval) = (true, clock, TimeSpan.FromSeconds(1)));
        using var peer = await served.ConnectAsync();

        clock.IsBroken = true;
        clock.Inner.Advance(TimeSpan.FromSeconds(1));
        clock.IsBroken = false;
        clock.Inner.Advance(TimeSpan.FromSeconds(1));

        (await peer.NextAsync().WithinLimit()).Type.ShouldBe("SockhopPing");
    }

    private Task HeardAsync(params string[] what) => Until.TrueAsync(() => what.All(each => _told.Contains(each)), string.Join(", ", what));

    private async Task ThrowAsync(bool later, string what)
    {
        if (later)
        {
            await Task.Yield();
        }

        if (what is "again" or "refused")
        {
            _told.Enqueue(what);
        }

        throw new InvalidOperationException(what);
    }

    private sealed class BrokenClock : TimeProvider
    {
        public ManualTimeProvider Inner { get; } = new();

        public bool IsBroken { get; set; }

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("thrown by the clock") : Inner.GetUtcNow();

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Inner.CreateTimer(callback, state, dueTime, period);
    }
}
