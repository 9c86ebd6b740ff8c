using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

public sealed partial class FakeLogCollectorExtensionsTests
{
    private readonly FakeLogCollector _logs = new();
    private readonly FakeLogger _logger;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeLogCollectorExtensionsTests()
    {
        _logger = new FakeLogger(_logs, "Shop.Orders");
    }

    [Fact]
    public async Task WaitsForARecordThatIsThereAlready()
    {
        Log.OrderTaken(_logger, 1);
        Log.OrderTaken(_logger, 2);

        var record = await _logs.WaitForAsync(record => record.Level == LogLevel.Information, TimeSpan.Zero, Token);

        record.GetStructuredStateValue("Id").ShouldBe("1");
    }

    [Fact]
    public async Task WaitsForARecordThatIsStillToCome()
    {
        var waiting = _logs.WaitForAsync(record => record.GetStructuredStateValue("Id") == "2", Within.Limit, Token);
        Log.OrderTaken(_logger, 1);
        waiting.IsCompleted.ShouldBeFalse();

        Log.OrderTaken(_logger, 2);

        (await waiting).GetStructuredStateValue("Id").ShouldBe("2");
    }

    [Fact]
    public async Task AWaitOutlivesAClear()
    {
        Log.OrderTaken(_logger, 1);
        Log.OrderTaken(_logger, 2);
        var waiting = _logs.WaitForAsync(record => record.GetStructuredStateValue("Id") == "3", Within.Limit, Token);

        _logs.Clear();
        Log.OrderTaken(_logger, 3);

        (await waiting).GetStructuredStateValue("Id").ShouldBe("3");
    }

    [Fact]
    public async Task ManyThreadsMayLogWhileOneWaits()
    {
        var waiting = _logs.WaitForAsync(record => record.GetStructuredStateValue("Id") == "last", Within.Limit, Token);
        var workers = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 250; i++)
            {
                Log.OrderTaken(_logger, (worker * 250) + i);
            }
        }));

        await Task.WhenAll(workers).WithinLimit();
        Log.OrderNamed(_logger, "last");

        (await waiting).Id.Id.ShouldBe(13);
        _logs.GetSnapshot().Count.ShouldBe(1001);
    }

    [Fact]
    public async Task SaysWhatWasLoggedWhenTheWaitedForRecordDoesNotCome()
    {
        Log.OrderTaken(_logger, 33);

        var exception = await Should.ThrowAsync<TimeoutException>(
            () => _logs.WaitForAsync(record => record.Level == LogLevel.Critical, TimeSpan.FromMilliseconds(1), Token));

        exception.Message.ShouldContain("Information Shop.Orders[11] Order 33 taken");
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
        Log.OrderFailed(_logger, 3, "bolts", new InvalidOperationException("boom"));

        var exception = Should.Throw<InvalidOperationException>(() => _logs.ShouldHaveNoErrors(record => record.GetStructuredStateValue("Id") == "2"));
        exception.Message.ShouldContain("Error Shop.Orders[12] Order 3 of bolts failed");
        exception.Message.ShouldContain("boom");
        exception.Message.ShouldNotContain("Order 2");
        Should.NotThrow(() => _logs.ShouldHaveNoErrors(_ => true));
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Information, "Order {Id} taken")]
        public static partial void OrderTaken(ILogger logger, int id);

        [LoggerMessage(12, LogLevel.Error, "Order {Id} of {Item} failed")]
        public static partial void OrderFailed(ILogger logger, int id, string item, Exception? exception);

        [LoggerMessage(13, LogLevel.Information, "Order {Id} taken by name")]
        public static partial void OrderNamed(ILogger logger, string id);
    }
}
