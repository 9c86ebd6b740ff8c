#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>The examples of docs/guide/sockhop.md, as they stand there.</summary>
public sealed class GuideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource<Progress> _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private interface IKeys
    {
        Task<ClaimsPrincipal?> FindAsync(string? key);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ServerAndClientTalk()
    {
        var path = _folder["s"];
        var bytes = new byte[100];

        await using var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = path, Types = JobTypes.Registry });
        server.On<Progress>((progress, peer, cancellationToken) => Report(progress));
        server.OnRequest<Resize, Resized>(async (job, peer, cancellationToken) => await ResizeAsync(job, cancellationToken));
        await server.StartAsync();

        await using var client = new SockhopClient(new SockhopClientOptions { UnixSocketPath = path, Types = JobTypes.Registry });
        await client.StartAsync();                                              // connects and shakes hands; ConnectAsync only connects
        Resized answer = await client.RequestAsync<Resized>(new Resize("cat.png", 64));
        await client.SendAsync(bytes);                                          // a buffer
        await client.SendTypedBufferAsync("thumbnail", bytes);                  // a buffer with a name

        answer.ShouldBe(new Resized("cat.png", 64));
        await client.SendAsync(new Progress(50));
        (await _reported.Task.WithinLimit()).ShouldBe(new Progress(50));
    }

    [Fact]
    public async Task BuffersAreStreamed()
    {
        await using var pair = await new Pair().StartAsync();
        var client = pair.Client;
        var server = pair.Server;
        using var file = new MemoryStream(new byte[1_000_000]);
        using var store = new MemoryStream();

        await client.SendBufferAsync(file, file.Length);

        server.OnBufferStream(async (stream, peer, cancellationToken) => await stream.CopyToAsync(store, cancellationToken));

        await Until.TrueAsync(() => store.Length == 1_000_000);
    }

    [Fact]
    public async Task AKeyOpensASession()
    {
        IKeys keys = new OneKey();

        var server = new SockhopServer<Worker>(
            new SockhopServerOptions { RequireAuthentication = true, AuthenticationTimeout = TimeSpan.FromSeconds(5) }, () => new Worker(keys));

        await using (server)
        {
            server.Options.RequireAuthentication.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task OlderVersionsAskAndAreAsked()
    {
        await using var pair = await new Pair(o => o.Types = JobTypes.Registry, o => o.Types = JobTypes.Registry).StartAsync();
        var server = pair.Server;
        var session = pair.Session;
        SockhopLegacyRequests.AddTo(pair.Client).OnRequest<Resize, Progress>((job, _, token) => ResizeStepwiseAsync(job, token));

        var legacy = SockhopLegacyRequests.AddTo(server);
        legacy.OnRequest<Resize, Progress>((job, peer, cancellationToken) => ResizeStepwiseAsync(job, cancellationToken));
        legacy.OnRequest<string, Resized>(async (file, peer, cancellationToken) => await FindAsync(file, cancellationToken));

        await foreach (var progress in legacy.RequestAsync<Progress>(session, new Resize("cat.png", 64), TimeSpan.FromMinutes(1)))
        {
            Report(progress);
        }

        (await _reported.Task.WithinLimit()).ShouldBe(new Progress(100));
    }

    [Fact]
    public async Task EveryExampleOfTheGuideIsHere()
    {
        var here = Lines(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Polywire.Sockhop.Tests", "GuideTests.cs")))
            .Replace("= path", "= \"jobs.sock\"", StringComparison.Ordinal);
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "guide", "sockhop.md"));
        var examples = guide.Split("```csharp\n").Skip(1).SelectMany(rest => rest.Split("```")[0].Split("\n\n")).Select(Lines).ToArray();

        // What needs ASP.NET Core is in the tests of the Sockhop server there; the usings stand at the top here.
        var missing = examples.Where(example => !example.StartsWith("using ", StringComparison.Ordinal) && !example.Contains("builder.AddPolywire()", StringComparison.Ordinal) && !here.Contains(example, StringComparison.Ordinal));

        examples.Length.ShouldBeGreaterThan(5);
        missing.ShouldBeEmpty();
    }

    private static string Lines(string text) => string.Join('\n', text.Trim().Split('\n').Select(line => line.Trim()));

    private static ValueTask<Resized> ResizeAsync(Resize job, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<Resized>(cancellationToken) : new(new Resized(job.File, job.Width));

    private static ValueTask<Resized> FindAsync(string file, CancellationToken cancellationToken) => ResizeAsync(new Resize(file, 1), cancellationToken);

    private static async IAsyncEnumerable<Progress> ResizeStepwiseAsync(Resize job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resized = await ResizeAsync(job, cancellationToken);
        yield return new Progress(resized.Width == job.Width ? 100 : 0);
    }

    private void Report(Progress progress) => _reported.TrySetResult(progress);

    private sealed class OneKey : IKeys
    {
        public Task<ClaimsPrincipal?> FindAsync(string? key) => Task.FromResult(key == "open" ? new ClaimsPrincipal() : null);
    }

    private sealed class Worker(IKeys keys) : SockhopSession
    {
        protected override async ValueTask<ClaimsPrincipal?> AuthenticateAsync(SockhopMessage message, CancellationToken cancellationToken) =>
            message.Type == "Key" ? await keys.FindAsync(message.Deserialize<string>()) : null;       // null ends the connection
    }
}

internal static class JobTypes
{
    public static SockhopTypeRegistry Registry => new SockhopTypeRegistry()
        .AddJsonContext(JobJson.Default)              // source-generated; not needed where JSON reflection is on
        .Register<Resize>()                           // "Resize"
        .Register<Progress>("JobProgress");           // or [SockhopType("JobProgress")] on the type
}

internal sealed record Resize(string File, int Width);

internal sealed record Resized(string File, int Width);

internal sealed record Progress(int Percent);

[JsonSerializable(typeof(Resize))]
[JsonSerializable(typeof(Resized))]
[JsonSerializable(typeof(Progress))]
internal sealed partial class JobJson : JsonSerializerContext;
