using Microsoft.Extensions.Logging;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

public sealed partial class RecordingLoggerProviderTests : IDisposable
{
    private readonly RecordingLoggerProvider _logs = new();
    private readonly ILoggerFactory _factory;
    private readonly ILogger _logger;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RecordingLoggerProviderTests()
    {
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        _logger = _factory.CreateLogger("Shop.Orders");
    }

    public void Dispose()
    {
        _factory.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void KeepsAnEntryWhole()
    {
        var exception = new InvalidOperationException("boom");

        Log.OrderFailed(_logger, 7, "bolts", exception);

        var entry = _logs.Entries.ShouldHaveSingleItem();
        entry.Category.ShouldBe("Shop.Orders");
        entry.Level.ShouldBe(LogLevel.Error);
        entry.EventId.ShouldBe(new EventId(12, "OrderFailed"));
        entry.EventId.Name.ShouldBe("OrderFailed");
        entry.Message.ShouldBe("Order 7 of bolts failed");
        entry.Exception.ShouldBeSameAs(exception);
        entry["Id"].ShouldBe(7);
        entry["Item"].ShouldBe("bolts");
        entry["{OriginalFormat}"].ShouldBe("Order {Id} of {Item} failed");
        entry["item"].ShouldBeNull();
        entry.ToString().ShouldStartWith("Error Shop.Orders[12] Order 7 of bolts failed");
        entry.ToString().ShouldContain("boom");
    }

    [Fact]
    public void KeepsEntriesInOrderAndTheListHandedOutUnchanged()
    {
        Log.OrderTaken(_logger, 1);
        var before = _logs.Entries;
        Log.OrderTaken(_logger, 2);

        before.Count.ShouldBe(1);
        _logs.Entries.Select(entry => entry["Id"]).ShouldBe([1, 2]);
        _logs.Clear();
        _logs.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void KeepsTheScopesFromTheOutermostInwards()
    {
        using (_logger.BeginScope("connection 5"))
        using (_logger.BeginScope("request"))
        {
            Log.OrderTaken(_logger, 1);
        }

        Log.OrderTaken(_logger, 2);

        _logs.Entries[0].Scopes.ShouldBe(["connection 5", "request"]);
        _logs.Entries[1].Scopes.ShouldBeEmpty();
    }

    [Fact]
    public void ALoggerMadeWithoutAFactoryKeepsScopesToo()
    {
        using var logs = new RecordingLoggerProvider();
        var logger = logs.CreateLogger("alone");

        using (logger.BeginScope("scope"))
        {
            Log.OrderTaken(logger, 1);
        }

        logs.Entries[0].Scopes.ShouldBe(["scope"]);
    }

    [Fact]
    public void LeavesOutWhatIsBelowItsLevel()
    {
        using var logs = new RecordingLoggerProvider(LogLevel.Warning);
        var logger = logs.CreateLogger("any");

        Log.OrderTaken(logger, 1);
        Log.OrderFailed(logger, 2, "nuts", null);

        logs.Entries.ShouldHaveSingleItem()["Id"].ShouldBe(2);
        logger.IsEnabled(LogLevel.None).ShouldBeFalse();
    }

    [Fact]
    public async Task WaitsForAnEntryThatIsThereAlready()
    {
        Log.OrderTaken(_logger, 1);
        Log.OrderTaken(_logger, 2);

        var entry = await _logs.WaitForAsync(entry => entry.Level == LogLevel.Information, TimeSpan.Zero, Token);

        entry["Id"].ShouldBe(1);
    }

    [Fact]
    public async Task WaitsForAnEntryThatIsStillToCome()
    {
        var waiting = _logs.WaitForAsync(entry => entry["Id"] is 2, Within.Limit, Token);
        Log.OrderTaken(_logger, 1);
        waiting.IsCompleted.ShouldBeFalse();

        Log.OrderTaken(_logger, 2);

        (await waiting)["Id"].ShouldBe(2);
    }

    [Fact]
    public async Task SaysWhatWasLoggedWhenTheWaitedForEntryDoesNotCome()
    {
        Log.OrderTaken(_logger, 33);

        var exception = await Should.ThrowAsync<TimeoutException>(
            () => _logs.WaitForAsync(entry => entry.Level == LogLevel.Critical, TimeSpan.FromMilliseconds(1), Token));

        exception.Message.ShouldContain("Order 33 taken");
    }

    [Fact]
    public async Task AWaitEndsWithItsToken()
    {
        using var source = new CancellationTokenSource();
        var waiting = _logs.WaitForAsync(_ => true, Within.Limit, source.Token);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void FailsOverErrorsOnly()
    {
        Log.OrderTaken(_logger, 1);
        Should.NotThrow(() => _logs.ShouldHaveNoErrors());

        Log.OrderFailed(_logger, 2, "nuts", null);
        Log.OrderFailed(_logger, 3, "bolts", null);

        var exception = Should.Throw<InvalidOperationException>(() => _logs.ShouldHaveNoErrors(entry => entry["Id"] is 2));
        exception.Message.ShouldContain("Order 3 of bolts failed");
        exception.Message.ShouldNotContain("Order 2");
        Should.NotThrow(() => _logs.ShouldHaveNoErrors(_ => true));
    }

    [Fact]
    public async Task ThreadsMayLogAtOnce()
    {
        var workers = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 250; i++)
            {
                Log.OrderTaken(_logger, (worker * 250) + i);
            }
        }));

        await Task.WhenAll(workers).WithinLimit();

        _logs.Entries.Select(entry => (int)entry["Id"]!).Order().ShouldBe(Enumerable.Range(0, 1000));
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Information, "Order {Id} taken")]
        public static partial void OrderTaken(ILogger logger, int id);

        [LoggerMessage(12, LogLevel.Error, "Order {Id} of {Item} failed")]
        public static partial void OrderFailed(ILogger logger, int id, string item, Exception? exception);
    }
}
