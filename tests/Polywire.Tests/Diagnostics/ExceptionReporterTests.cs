using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Rooms;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

/// <summary>core.md E-8.</summary>
public class ExceptionReporterTests : HostTest
{
    private readonly ConcurrentQueue<ExceptionReport> _reports = new();

    public ExceptionReporterTests() => ExpectedErrors = _ => true;

    [Fact]
    public async Task AFailedActionIsReportedWithItsConnectionAndTraceId()
    {
        var host = await ReportingAsync(polywire => polywire.MapAction<Empty, Done>("fail", _ => throw new InvalidOperationException("why")));
        var client = await host.ConnectAsync();

        await client.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        var report = Reported();
        report.Exception.Message.ShouldBe("why");
        (report.Source, report.Name, report.Severity).ShouldBe((ExceptionSource.Action, "fail v1", LogLevel.Error));
        report.Connection.ShouldBeSameAs(client.Connection);
        report.TraceId.ShouldBe(host.Logs.GetSnapshot().Single(entry => entry.Exception is not null).GetStructuredStateValue("TraceId"));
    }

    [Fact]
    public async Task WhatIsSaidToClientsIsNoReport()
    {
        var host = await ReportingAsync(polywire => polywire.MapAction<Empty, Done>("refuse", _ => throw new ActionException("no")));

        await host.RunAsync<Done>("refuse").ShouldThrowAsync<ActionException>();
        await host.RunAsync<Done>("nowhere").ShouldThrowAsync<ActionException>();

        _reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFailedVerbIsReported()
    {
        var host = await ReportingAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            polywire.Services.AddSingleton(new RoomMiddlewareRegistration(
                1, _ => new LambdaRoomMiddleware { Join = (_, _) => throw new InvalidOperationException("why") }));
        });
        var client = await host.ConnectAsync();

        await client.JoinAsync("lobby").ShouldThrowAsync<ActionException>();

        (Reported().Source, Reported().Name).ShouldBe((ExceptionSource.Verb, "roomAdd"));
    }

    [Fact]
    public async Task AFailedMiddlewareOfConnectionsIsReported()
    {
        var host = await ReportingAsync(polywire => polywire.UseConnectionMiddleware<Failing>());

        await host.ConnectAsync().ShouldThrowAsync<ActionException>();

        (Reported().Source, Reported().Name).ShouldBe((ExceptionSource.Connection, "inline"));
    }

    [Fact]
    public async Task AnAnswerThatCannotBeWrittenIsReported()
    {
        var host = await ReportingAsync(polywire => polywire.AddAction(Act.Sync<object>("write", _ => typeof(string))));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"write"}""")).ShouldBe("""{"error":"internal error"}""");

        (Reported().Source, Reported().Name).ShouldBe((ExceptionSource.Action, "write v1"));
    }

    [Fact]
    public async Task AStartThatFailsIsReported()
    {
        await PolywireTestHost.StartAsync(polywire =>
        {
            Report(polywire);
            polywire.AddAction(Act.Declaring("quit", Array.Empty<string>()));
        }).ShouldThrowAsync<InvalidOperationException>();

        (Reported().Source, Reported().Severity).ShouldBe((ExceptionSource.Startup, LogLevel.Critical));
    }

    [Fact]
    public async Task WhatNobodyWaitedForIsReportedUntilTheHostStops()
    {
        var host = await ReportingAsync(_ => { });
        var mine = new InvalidOperationException("nobody waited");

        while (!_reports.Any(report => report.Exception.InnerException == mine))
        {
            Xunit.TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Forget(mine);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        _reports.First(report => report.Exception.InnerException == mine).Source.ShouldBe(ExceptionSource.Uncaught);
        await host.StopAsync();
        _reports.Clear();
        Forget(mine);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task AReporterThatFailsItselfKeepsNobodyFromHearing()
    {
        var host = await ReportingAsync(polywire =>
        {
            polywire.Services.AddSingleton<IExceptionReporter>(new Reporter(_ => throw new NotSupportedException("in the reporter")));
            Report(polywire);
            polywire.MapAction<Empty, Done>("fail", _ => throw new InvalidOperationException("why"));
        });

        await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        _reports.Count.ShouldBe(2);
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Id.Id == Polywire.Diagnostics.EventIds.ExceptionReporterFailed);
    }

    [Fact]
    public async Task AReporterIsAddedByItsType()
    {
        var host = await StartAsync(
            polywire => polywire.AddExceptionReporter<Injected>().MapAction<Empty, Done>("fail", _ => throw new InvalidOperationException("why")),
            options => options.ConfigureServices(services => services.AddSingleton(_reports)));

        await host.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();

        Reported().Exception.Message.ShouldBe("why");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Exception exception) => _ = Task.FromException(exception);

    private ExceptionReport Reported() => _reports.ShouldHaveSingleItem();

    private void Report(IPolywireBuilder polywire) => polywire.Services.AddSingleton<IExceptionReporter>(new Reporter(_reports.Enqueue));

    private Task<PolywireTestHost> ReportingAsync(Action<IPolywireBuilder> configure) => StartAsync(polywire =>
    {
        Report(polywire);
        configure(polywire);
    });

    private sealed class Reporter(Action<ExceptionReport> report) : IExceptionReporter
    {
        void IExceptionReporter.Report(ExceptionReport found) => report(found);
    }

    private sealed class Injected(ConcurrentQueue<ExceptionReport> reports) : IExceptionReporter
    {
        public void Report(ExceptionReport report) => reports.Enqueue(report);
    }

    private sealed class Failing : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) => throw new InvalidOperationException("why");
    }
}
