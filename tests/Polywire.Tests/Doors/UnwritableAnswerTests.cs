using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

/// <summary>A door's protocol that fails: no run stays pending, nothing stays held, and the log tells.</summary>
public class UnwritableAnswerTests : HostTest
{
    private readonly TaskCompletionSource _gate = new();

    [Theory]
    [InlineData("now")]
    [InlineData("later")]
    public async Task AnAnswerThatTheProtocolCannotCompleteIsAnError_AndTheConnectionGoesOn(string action)
    {
        var (host, connection) = await OpenAsync(new FailingProtocol());
        using var parameters = Parameters(action);

        (await BeginAsync(connection, parameters)).ShouldBeTrue();
        _gate.TrySetResult();
        await Until.TrueAsync(() => connection.PendingActions == 0);

        connection.Answers.ShouldBe(1);
        parameters.Set.IsShared.ShouldBeFalse("the ids hold a share until they are released");
        connection.IsClosed.ShouldBeFalse();
        Errors(host).ShouldBe([$"[server: socket] the answer of action {action} v1 could not be written"]);
    }

    [Theory]
    [InlineData("now")]
    [InlineData("later")]
    public async Task WhereNotEvenTheErrorCanBeWritten_TheConnectionEnds(string action)
    {
        var (host, connection) = await OpenAsync(new FailingProtocol { FailsReplies = true });
        using var parameters = Parameters(action);

        (await BeginAsync(connection, parameters)).ShouldBeTrue();
        _gate.TrySetResult();

        (await connection.Goodbye.WithinLimit()).ShouldBe(CloseReason.ServerClosed);
        await Until.TrueAsync(() => connection.PendingActions == 0);
        parameters.Set.IsShared.ShouldBeFalse();
        Errors(host).ShouldBe([
            $"[server: socket] the answer of action {action} v1 could not be written",
            "[server: socket] a connection failed and is closed",
        ]);
    }

    [Fact]
    public async Task AVerbsAnswerThatCannotBeWrittenGivesBackWhatTheRequestHeld()
    {
        var (_, connection) = await OpenAsync(new FailingProtocol { FailsReplies = true });
        using var parameters = Parameters("nothing");
        parameters.Set.Share();

        await Should.ThrowAsync<NotSupportedException>(async () => await connection.Session.BeginAsync(
            InputStep.Answer(VerbReply.Failure("no"), parameters.Ids, held: parameters.Set)));

        parameters.Set.IsShared.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, CloseReason.ClientReset)]
    [InlineData(false, CloseReason.ServerClosed)]
    public async Task AFileThatFailsOnItsWayEndsTheConnection(bool isGone, CloseReason reason)
    {
        var (host, connection) = await OpenAsync(
            new FailingProtocol(), () => throw (isGone ? new IOException("gone") : new InvalidOperationException("a door's fault")));
        using var parameters = Parameters("download");

        (await BeginAsync(connection, parameters)).ShouldBeTrue();

        (await connection.Goodbye.WithinLimit()).ShouldBe(reason);
        await Until.TrueAsync(() => connection.PendingActions == 0);
        parameters.Set.IsShared.ShouldBeFalse();
        Errors(host).ShouldBe(isGone ? [] : ["[server: socket] a connection failed and is closed"]);
    }

    private async Task<(PolywireTestHost Host, BareConnection Connection)> OpenAsync(MessageProtocol protocol, Func<ValueTask<bool>>? sendFile = null)
    {
        ExpectedErrors = _ => true;
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("now", (Nothing _) => "done");
            polywire.MapAction("later", async (Nothing _) =>
            {
                await _gate.Task;
                return "done";
            });
            polywire.MapAction("download", (Nothing _) => ActionResult.File("there-is-none.txt"));
        });
        var services = host.Services.GetRequiredService<ConnectionServices>();
        var connection = new BareConnection(services, protocol) { SendFile = sendFile ?? (static () => new ValueTask<bool>(true)) };
        (await services.Lifetime.OpenAsync(connection)).ShouldBeTrue();
        return (host, connection);
    }

    private static ValueTask<bool> BeginAsync(BareConnection connection, Request request) =>
        connection.Session.BeginAsync(InputStep.Action(request.Set, request.Ids));

    private static IEnumerable<string> Errors(PolywireTestHost host) =>
        host.Logs.GetSnapshot().Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Message);

    private static Request Parameters(string action)
    {
        var set = ParamSet.Rent();
        set.Set("action"u8, Encoding.UTF8.GetBytes(action), ParamKind.Text);
        return new Request(set, new MessageIds(1, set, default));
    }

    private sealed record Nothing;

    private sealed record Request(ParamSet Set, MessageIds Ids) : IDisposable
    {
        public void Dispose() => Set.Release();
    }

    private sealed class FailingProtocol : MessageProtocol
    {
        public bool FailsReplies { get; init; }

        public override WireFormat Format => throw new NotSupportedException();

        public override void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids) =>
            throw new NotSupportedException();

        public override void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids)
        {
            if (FailsReplies)
            {
                throw new NotSupportedException();
            }

            buffer.Length.ShouldBe(0, "nothing of the answer that failed is left");
            buffer.Write((byte)'-');
        }

        public override void Frame(ResponseBuffer buffer, int start)
        {
        }

        public override void WriteWelcome(ResponseBuffer buffer)
        {
        }

        public override void WriteGoodbye(ResponseBuffer buffer)
        {
        }
    }
}
