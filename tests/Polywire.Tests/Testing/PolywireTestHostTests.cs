using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

public class PolywireTestHostTests
{
    [Fact]
    public async Task ATestOfOnesOwnActionsReadsAsInTheGuide()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.AddRooms("lobby").MapAction("transfer", (Transfer.Input input) =>
            new Transfer.Output(Guid.Empty, 100 - input.Amount)));
        var alice = await host.ConnectAsync();
        var bob = await host.ConnectAsync();

        var reply = await alice.RunAsync<Transfer.Output>("transfer", new { from = "a", to = "b", amount = 5 });
        await bob.JoinAsync("lobby");
        await alice.JoinAsync("lobby");
        await alice.SayAsync("lobby", "hello");
        var heard = await bob.NextMessageAsync();

        reply.Balance.ShouldBe(95);
        heard.Text.ShouldBe("hello");
        (heard.Room, heard.From, heard.SentAt).ShouldBe(("lobby", alice.Id, ManualTimeProvider.DefaultStart));
        host.Logs.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task AFailedRunThrowsWithItsStatus()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.MapAction("transfer", (Transfer.Input input) => new Done(input.To)));
        var client = await host.ConnectAsync();

        var error = await Should.ThrowAsync<ActionException>(() => client.RunAsync<Done>("transfer", new { from = "a" }));

        (error.Status, error.Message).ShouldBe((ActionStatus.MissingParams, "to is a required parameter for this action"));
        (await Should.ThrowAsync<ActionException>(() => host.RunAsync<Done>("nowhere"))).Status.ShouldBe(ActionStatus.UnknownAction);
    }

    [Fact]
    public async Task MembersOfAnInputHaveTheNamesThatTheActionHas()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.MapDynamicAction(
            "send",
            inputs => inputs.Required("To").Required("subject").Optional("CC").Nested("Body", body => body.Required("Text").Optional("kind")),
            (context, _) =>
            {
                context.Response["seen"] = $"{context.Params["To"]}, {context.Params["subject"]}, {context.Params["CC"]}, {string.Join(' ', ((IEnumerable<KeyValuePair<string, object?>>)context.Params["Body"]!).Select(member => member.Key))}";
                return Task.CompletedTask;
            }));
        var client = await host.ConnectAsync();
        var input = new { To = "bob", Subject = "hi", CC = "eve", Body = new { Text = "x", Kind = "y" } };

        (await client.RunAsync<Dictionary<string, string>>("send", input))["seen"].ShouldBe("bob, hi, eve, Text kind");
        (await host.RunAsync<Dictionary<string, string>>("send", input))["seen"].ShouldBe("bob, hi, eve, Text kind");

        // What is written as JSON is taken as it is written.
        var refused = await Should.ThrowAsync<ActionException>(() => client.RunAsync<Done>("send", new JsonObject { ["to"] = "bob" }));
        refused.Message.ShouldBe("To is a required parameter for this action");
    }

    [Fact]
    public async Task AnAnswerCanBeReadAsItStands()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.MapAction("act", (Empty _) => new Done("x")));

        (await host.RunAsync<JsonElement>("act")).GetRawText().ShouldBe("""{"what":"x"}""");
        (await host.RunAsync<Dictionary<string, string>>("act"))["what"].ShouldBe("x");
    }

    [Fact]
    public async Task WaitsAreBoundedAndSayWhatDidNotCome()
    {
        await using var host = await PolywireTestHost.StartAsync(
            polywire => polywire.AddRooms("lobby").MapAction("wait", async (Empty _, ActionContext _, CancellationToken token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return new Done("");
            }),
            options => options.WaitLimit = TimeSpan.FromMilliseconds(50));
        var client = await host.ConnectAsync();

        (await Should.ThrowAsync<TimeoutException>(() => client.NextMessageAsync())).Message.ShouldContain($"no message came to {client.Id}");
        (await Should.ThrowAsync<TimeoutException>(() => client.RunAsync<Done>("wait"))).Message.ShouldContain("action wait was not answered");
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => client.NextMessageAsync(source.Token));
    }

    [Fact]
    public async Task MessagesAreKeptAndGivenInOrder()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.AddRooms("lobby"));
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");
        await host.Rooms.SayAsync("lobby", "one");
        await host.Rooms.SayAsync("lobby", "two");

        client.Messages.Select(message => message.Text).ShouldBe(["one", "two"]);
        (await client.NextMessageAsync()).Text.ShouldBe("one");
        (await client.NextMessageAsync()).Text.ShouldBe("two");
        var next = client.NextMessageAsync();
        next.IsCompleted.ShouldBeFalse();
        await host.Rooms.SayAsync("lobby", "three");

        (await next.WithinLimit()).Text.ShouldBe("three");
        client.Messages.Count.ShouldBe(3);
    }

    [Fact]
    public async Task AConnectionThatEndedGivesWhatItGotAndThenSaysSo()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.AddRooms("lobby"));
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");
        await host.Rooms.SayAsync("lobby", "last words");

        await client.Connection.CloseAsync();

        client.IsClosed.ShouldBeTrue();
        (await client.NextMessageAsync()).Text.ShouldBe("last words");
        (await Should.ThrowAsync<InvalidOperationException>(() => client.NextMessageAsync())).Message.ShouldContain("ended");
        await client.CloseAsync();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task RunsInDevelopmentUnlessToldOtherwise()
    {
        await using var host = await PolywireTestHost.StartAsync(_ => { });
        await using var other = await PolywireTestHost.StartAsync(_ => { }, options => options.EnvironmentName = "Production");

        host.Services.GetRequiredService<IHostEnvironment>().IsDevelopment().ShouldBeTrue();
        other.Services.GetRequiredService<IHostEnvironment>().IsProduction().ShouldBeTrue();
    }

    [Fact]
    public async Task TheClockIsTheHostsAndCanBeAnother()
    {
        await using var host = await PolywireTestHost.StartAsync(_ => { });
        await using var system = await PolywireTestHost.StartAsync(_ => { }, options => options.Time = TimeProvider.System);

        host.Services.GetRequiredService<TimeProvider>().ShouldBeSameAs(host.Time);
        Should.Throw<InvalidOperationException>(() => system.Time);
        system.Services.GetRequiredService<TimeProvider>().ShouldBeSameAs(TimeProvider.System);
    }

    [Fact]
    public async Task WhatWasLoggedStaysReadableWhenTheHostIsGone()
    {
        var host = await PolywireTestHost.StartAsync(polywire => polywire.MapAction("act", (Empty _) => new Done("x")));
        await host.RunAsync<Done>("act");

        await host.DisposeAsync();

        host.Logs.GetSnapshot().ShouldContain(record => record.Category == "Polywire.Actions");
        host.Logs.Clear();
        host.Logs.GetSnapshot().ShouldBeEmpty();
    }

    [Fact]
    public async Task TheLogHasTheLevelAndTheFiltersItWasGiven()
    {
        await using var host = await PolywireTestHost.StartAsync(
            _ => { },
            options =>
            {
                options.MinimumLogLevel = LogLevel.Warning;
                options.ConfigureServices(services => services.AddLogging(logging => logging.AddFilter("Shop.Loud", LogLevel.Debug).AddFilter("Shop.Mute", LogLevel.None)));
            });
        host.Logs.Clear();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        foreach (var name in (string[])["Shop", "Shop.Loud", "Shop.Mute"])
        {
            loggers.CreateLogger(name).Log(LogLevel.Information, default, "taken", null, static (text, _) => text);
            loggers.CreateLogger(name).Log(LogLevel.Warning, default, "late", null, static (text, _) => text);
        }

        loggers.CreateLogger("Shop").IsEnabled(LogLevel.Information).ShouldBeFalse();
        host.Logs.GetSnapshot().Select(record => (record.Category, record.Message)).ShouldBe([("Shop", "late"), ("Shop.Loud", "taken"), ("Shop.Loud", "late")]);
    }

    [Fact]
    public async Task TheLogIsTheCollectorOfTheHostsServices()
    {
        var lines = new List<string>();
        await using var host = await PolywireTestHost.StartAsync(
            _ => { }, options => options.ConfigureServices(services => services.Configure<FakeLogCollectorOptions>(logs => logs.OutputSink = lines.Add)));

        host.Services.GetFakeLogCollector().ShouldBeSameAs(host.Logs);
        lines.Count.ShouldBe(host.Logs.Count);
        lines.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task DisposingClosesConnectionsAndStopsTheHost()
    {
        var reasons = new List<CloseReason>();
        var host = await PolywireTestHost.StartAsync(polywire => polywire.Services.AddSingleton(
            new ConnectionMiddlewareRegistration(1, _ => new Reasons(reasons))));
        await host.ConnectAsync();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        await host.DisposeAsync();

        reasons.ShouldBe([CloseReason.ServerStopping]);
        lifetime.ApplicationStopped.IsCancellationRequested.ShouldBeTrue();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task AStoppedHostRefusesActions()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.MapAction("act", (Empty _) => new Done("")));
        var client = await host.ConnectAsync();

        await host.StopAsync();

        (await Should.ThrowAsync<ActionException>(() => client.RunAsync<Done>("act"))).Status.ShouldBe(ActionStatus.ServerShuttingDown);
    }

    private static class Transfer
    {
        public sealed record Input(string From, string To, decimal Amount);

        public sealed record Output(Guid Id, decimal Balance);
    }

    private sealed class Reasons(List<CloseReason> reasons) : IConnectionMiddleware
    {
        public ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            reasons.Add(reason);
            return default;
        }
    }
}
