using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Rooms;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>What clients read of what an action throws (core.md 5).</summary>
public class ActionFailureTests : HostTest
{
    public ActionFailureTests() => ExpectedErrors = entry => entry.Exception is InvalidOperationException { Message: "the secret of the house" };

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Production", null, false)]
    [InlineData("Staging", null, false)]
    [InlineData("Development", false, false)]
    [InlineData("Production", true, true)]
    public async Task AnUnexpectedExceptionIsToldOnlyWhereItMayBe(string environment, bool? expose, bool told)
    {
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("fail", Fail),
            options =>
            {
                options.EnvironmentName = environment;
                options.ConfigurePolywire(polywire => polywire.ExposeMessages = expose);
            });

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.GenericError);
        error.Message.Contains("the secret", StringComparison.Ordinal).ShouldBe(told);
        error.Message.StartsWith("internal error", StringComparison.Ordinal).ShouldBe(!told);
    }

    [Fact]
    public async Task TheTraceIdThatTheClientReadsIsThatOfTheLog()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("fail", Fail), options => options.EnvironmentName = "Production");

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        var entry = host.Logs.GetSnapshot().Single(entry => entry.Level == LogLevel.Error);
        entry.Id.Id.ShouldBe(Polywire.Diagnostics.EventIds.ActionFailed);
        entry.Exception.ShouldBeOfType<InvalidOperationException>();
        error.Message.ShouldBe($"internal error (trace {entry.GetStructuredStateValue("TraceId")})");
        entry.GetStructuredStateValue("TraceId").ShouldNotBeNull().Length.ShouldBe(32);
    }

    [Theory]
    [InlineData(ActionStatus.GenericError, "internal error")]
    [InlineData(ActionStatus.Unauthorized, "unauthorized")]
    [InlineData(ActionStatus.Forbidden, "forbidden")]
    [InlineData(ActionStatus.Timeout, "the action timed out")]
    [InlineData(ActionStatus.Conflict, "conflict")]
    [InlineData(ActionStatus.RateLimited, "rate limit exceeded")]
    [InlineData(ActionStatus.Cancelled, "cancelled")]
    [InlineData(ActionStatus.TooManyRequests, "you have too many pending requests")]
    [InlineData(ActionStatus.UnknownAction, "unknown action or invalid apiVersion")]
    [InlineData(ActionStatus.MissingParams, "a required parameter is missing")]
    [InlineData(ActionStatus.ValidatorErrors, "validation error")]
    [InlineData(ActionStatus.UnsupportedServerType, "this action does not support this connection type")]
    public async Task E9_AnActionExceptionWithoutWordsTakesThoseOfItsStatus(ActionStatus status, string text)
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("fail", _ => throw new ActionException { Status = status }));

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((status, text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnActionExceptionIsToldInEveryEnvironmentAndIsNoError(bool waits)
    {
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("fail", async (_, _, _) =>
            {
                if (waits)
                {
                    await Task.Yield();
                }

                throw new ActionException("not your account") { Status = ActionStatus.Forbidden, Value = new { code = 7 } };
            }),
            options => options.EnvironmentName = "Production");
        var client = await host.ConnectAsync();

        var error = await client.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.Forbidden, "not your account"));
        error.Value.ShouldNotBeNull();
        (await AnswerAsync(client, """{"action":"fail"}""")).ShouldBe("""{"error":{"code":7}}""");
        host.Logs.GetSnapshot().ShouldNotContain(entry => entry.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("""{"code":42,"message":"an object"}""", "\"an object\"")]
    [InlineData("""{"message":"first","message":"last \u00e9"}""", "\"last é\"")]
    [InlineData("""{"code":"error111","reason":"busted"}""", """{"code":"error111","reason":"busted"}""")]
    [InlineData("""{"message":""}""", """{"message":""}""")]
    [InlineData("""{"message":42}""", """{"message":42}""")]
    [InlineData("""{"inner":{"message":"not this"}}""", """{"inner":{"message":"not this"}}""")]
    [InlineData("""["message"]""", """["message"]""")]
    [InlineData("42", "42")]
    public async Task E6_AnErrorObjectWithAMessageIsSentAsThatMessage(string value, string expected)
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>(
            "fail", _ => throw new ActionException { Value = JsonElement.Parse(value) }));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"fail"}""")).ShouldBe($$"""{"error":{{expected}}}""");
    }

    [Fact]
    public async Task AFailedVerbTellsAsMuchAsAFailedAction()
    {
        ExpectedErrors = entry => entry.Exception is InvalidOperationException { Message: "in the room" };
        foreach (var (environment, told) in new[] { ("Development", true), ("Production", false) })
        {
            var host = await StartAsync(
                polywire =>
                {
                    polywire.AddRooms("lobby");
                    polywire.Services.AddSingleton(new RoomMiddlewareRegistration(1, _ => new LambdaRoomMiddleware
                    {
                        Join = (_, _) => throw new InvalidOperationException("in the room"),
                    }));
                },
                options => options.EnvironmentName = environment);
            var client = await host.ConnectAsync();

            var error = await client.JoinAsync("lobby").ShouldThrowAsync<ActionException>();

            var entry = host.Logs.GetSnapshot().Single(entry => entry.Id.Id == Polywire.Diagnostics.EventIds.VerbFailed);
            entry.GetStructuredStateValue("Verb").ShouldBe("roomAdd");
            error.Message.ShouldBe(told ? "in the room" : $"internal error (trace {entry.GetStructuredStateValue("TraceId")})");
        }
    }

    [Fact]
    public async Task E4_AThrownStatusWordIsOnlyAText()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("fail", _ => throw new ActionException("unknown_action")));

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.GenericError, "unknown_action"));
    }

    [Fact]
    public async Task ACancellationOfTheActionsOwnIsAFaultLikeAnyOther()
    {
        ExpectedErrors = entry => entry.Exception is OperationCanceledException;
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("fail", _ => throw new OperationCanceledException("of its own")),
            options => options.EnvironmentName = "Production");

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.GenericError);
        error.Message.ShouldStartWith("internal error");
    }

    [Fact]
    public async Task ARunWhoseClientIsGoneIsCancelledAndNoError()
    {
        var started = new TaskCompletionSource();
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("wait", async (_, _, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new Done("");
        }));
        var client = await host.ConnectAsync();
        var run = client.RunAsync<Done>("wait");
        await started.Task.WithinLimit();

        await client.CloseAsync();

        var error = await run.ShouldThrowAsync<ActionException>();
        (error.Status, error.Message).ShouldBe((ActionStatus.Cancelled, "cancelled"));
        client.Connection.PendingActions.ShouldBe(0);
    }

    [Fact]
    public async Task ARunThatStartsOnAClosedConnectionIsCancelledAtOnce()
    {
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("wait", async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new Done("");
        }));
        var client = await host.ConnectAsync();
        await client.CloseAsync();

        var error = await client.RunAsync<Done>("wait").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.Cancelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnInProcessRunEndsWithItsCallersToken(bool before)
    {
        var started = new TaskCompletionSource();
        var host = await StartAsync(polywire => polywire.MapAction<Empty, Done>("wait", async (_, _, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new Done("");
        }));
        using var source = new CancellationTokenSource();
        if (before)
        {
            await source.CancelAsync();
        }

        var run = host.Services.GetRequiredService<IActions>().RunAsync<Done>("wait", null, source.Token).AsTask();
        if (!before)
        {
            await started.Task.WithinLimit();
            await source.CancelAsync();
        }

        var error = await run.WithinLimit().ShouldThrowAsync<OperationCanceledException>();
        error.CancellationToken.ShouldBe(source.Token);
    }

    [Fact]
    public async Task ATokensCallbackThatThrowsDoesNotKeepAConnectionFromClosing()
    {
        var started = new TaskCompletionSource();
        var host = await StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            polywire.MapAction<Empty, Done>("wait", async (_, context, token) =>
            {
                using var registration = token.Register(() => throw new InvalidOperationException("in a callback"));
                started.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return new Done("");
            });
        });
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");
        var run = client.RunAsync<Done>("wait");
        await started.Task.WithinLimit();

        await client.CloseAsync();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        await run.ShouldThrowAsync<ActionException>();
    }

    [Fact]
    public async Task AnErrorCatalogMayReplaceWhatWasThrown()
    {
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("fail", Fail),
            options => options.ConfigureServices(services => services.AddSingleton<ErrorCatalog>(
                new Catalog(error => new ActionError { Status = ActionStatus.Conflict, Message = "replaced", Exception = error.Exception }))));

        var error = await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.Conflict, "replaced"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnErrorCatalogThatFailsItselfDoesNotTakeTheAnswerAway(bool waits)
    {
        ExpectedErrors = _ => true;
        var host = await StartAsync(
            polywire => polywire.MapAction<Empty, Done>("fail", async (_, _, _) =>
            {
                if (waits)
                {
                    await Task.Yield();
                }

                throw new ActionException("told");
            }),
            options => options.ConfigureServices(services => services.AddSingleton<ErrorCatalog>(
                new Catalog(_ => throw new NotSupportedException("in the catalogue")))));
        var client = await host.ConnectAsync();

        var error = await client.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        error.Message.ShouldBe("told");
        client.Connection.PendingActions.ShouldBe(0);
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Error && entry.Exception is NotSupportedException);
    }

    private static Done Fail(Empty input) => throw new InvalidOperationException("the secret of the house");

    private sealed class Catalog(Func<ActionError, ActionError> change) : ErrorCatalog
    {
        public override ActionError OnError(ActionContext context, ActionError error) => change(error);
    }
}
