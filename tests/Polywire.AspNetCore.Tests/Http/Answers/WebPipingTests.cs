#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>Answers that actions write themselves, and runs that outlive their request.</summary>
public sealed class WebPipingTests
{
    [Fact]
    public async Task PipesWithTheHeadersItIsGiven_AndNoOthers()
    {
        await using var host = await StartAsync("pipe", async (context, _) =>
        {
            context.Http!.SetHeader("X-Lost", "yes");
            context.Http.StatusCode = 203;
            await context.Http.PipeAsync(new MemoryStream("piped"u8.ToArray()), new Dictionary<string, string> { ["Content-Type"] = "text/x", ["X-Own"] = "1" });
            context.Response["ignored"] = true;
            Should.Throw<InvalidOperationException>(() => context.Http.PipeAsync(Stream.Null));
        });

        var answer = await host.GetAsync("/api/pipe");

        answer.Status.ShouldBe(203);
        answer.Text.ShouldBe("piped");
        answer.IsWhole.ShouldBeTrue();
        answer.Headers.Keys.Order().ShouldBe(["connection", "content-type", "date", "transfer-encoding", "x-own"]);
    }

    [Fact]
    public async Task WaitsForAPipeThatTheActionDoesNotWaitFor()
    {
        using var source = new GatedStream("first"u8.ToArray(), "second"u8.ToArray());
        await using var host = await StartAsync("pipe", (context, _) =>
        {
            context.ToRender = false;
            var piping = context.Http!.PipeAsync(source);
            piping.IsCompleted.ShouldBeFalse();
            return Task.CompletedTask;
        });

        var answer = host.GetAsync("/api/pipe");
        await source.Waiting.WithinLimit();
        source.Open();

        (await answer.WithinLimit()).Text.ShouldBe("firstsecond");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task CutsTheConnection_WhereTheStreamFails(bool pipes)
    {
        using var source = new FailingStream();
        await using var host = await StartAsync("fails", async (context, _) =>
        {
            if (pipes)
            {
                await context.Http!.PipeAsync(source);
            }
            else
            {
                context.Result = ActionResult.Stream(source);
            }
        });
        host.ExpectedErrors = static _ => true;

        var answer = await host.GetAsync("/api/fails");

        answer.IsWhole.ShouldBeFalse();

        // The client sees the cut before the server has tidied up.
        await source.Disposed.WithinLimit();
        (await host.GetAsync("/api/other")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task DisposesAStreamThatIsNotSent()
    {
        using var source = new FailingStream();
        await using var host = await StartAsync("fails", (context, _) =>
        {
            context.Result = ActionResult.Stream(source);
            return Task.CompletedTask;
        });

        (await host.SendAsync("HEAD", "/api/fails")).Status.ShouldBe(200);

        source.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task KeepsARunThatIsTooLateAwayFromTheNextAnswer()
    {
        var timedOut = new TaskCompletionSource();
        var refused = new TaskCompletionSource<string>();
        await using var host = await StartAsync(
            "late",
            async (context, _) =>
            {
                var http = context.Http!;
                await timedOut.Task;
                refused.SetResult(Should.Throw<InvalidOperationException>(() => http.SetHeader("X-Late", "yes")).Message);
            },
            action => action.WithTimeout(TimeSpan.FromMilliseconds(1)));

        var answer = await host.GetAsync("/api/late");
        timedOut.SetResult();

        answer.Status.ShouldBe(408);
        (await refused.Task.WithinLimit()).ShouldStartWith("The request has been answered");
    }

    private static Task<WebHost> StartAsync(string name, Func<ActionContext, CancellationToken, Task> run, Action<ActionBuilder>? configure = null) =>
        WebHost.StartAsync(add: (_, polywire) =>
        {
            var action = polywire.MapDynamicAction(name, _ => { }, run);
            configure?.Invoke(action);
        });

    /// <summary>Gives a few bytes, then fails.</summary>
    private sealed class FailingStream : MemoryStream
    {
        private int _reads;

        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public override bool CanSeek => false;

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync("some"u8.ToArray(), cancellationToken);
            await destination.FlushAsync(cancellationToken);
            _reads++;
            throw new IOException($"The source is gone after {_reads} read.");
        }

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }

    /// <summary>Waits between its two pieces.</summary>
    private sealed class GatedStream(byte[] first, byte[] second) : MemoryStream
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _waiting.Task;

        public override bool CanSeek => false;

        public void Open() => _open.TrySetResult();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(first, cancellationToken);
            _waiting.TrySetResult();
            await _open.Task.WaitAsync(cancellationToken);
            await destination.WriteAsync(second, cancellationToken);
        }
    }
}
