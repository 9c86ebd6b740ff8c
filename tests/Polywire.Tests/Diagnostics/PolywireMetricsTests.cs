using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Diagnostics;
using Polywire.Outbound;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

public class PolywireMetricsTests : HostTest
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task RecordsEachRunWithItsDurationAndOutcome()
    {
        var host = await StartAsync(AddActions);
        using var meter = new Recorder(host);
        var client = await host.ConnectAsync();

        var run = client.RunAsync<Done>("gated");
        await host.Time.WaitForTimersAsync(1, Within.Limit);
        host.Time.Advance(TimeSpan.FromSeconds(1.5));
        _gate.SetResult();
        await run;
        await client.RunAsync<Done>("fail").ShouldThrowAsync<ActionException>();
        await client.RunAsync<Done>("anything a client may invent").ShouldThrowAsync<ActionException>();

        meter.Of("polywire.action.duration").ShouldBe(
        [
            "1.5 polywire.action=gated polywire.outcome=success polywire.transport=inline",
            "0 polywire.action=fail polywire.outcome=rate_limited polywire.transport=inline",
            "0 polywire.action=unknown polywire.outcome=unknown_action polywire.transport=inline",
        ]);
        meter.UnitOf("polywire.action.duration").ShouldBe("s");
    }

    [Fact]
    public async Task CountsConnectionsThatAreOpenAndHowLongTheyLived()
    {
        var host = await StartAsync(AddActions);
        using var meter = new Recorder(host);
        var client = await host.ConnectAsync();
        host.Time.Advance(TimeSpan.FromSeconds(3));

        await client.CloseAsync();
        await client.CloseAsync();

        meter.Of("polywire.active_connections").ShouldBe(["1 polywire.transport=inline", "-1 polywire.transport=inline"]);
        meter.Of("polywire.connection.duration").ShouldBe(["3 polywire.transport=inline"]);
    }

    [Fact]
    public async Task CountsWhatIsDeliveredInRooms()
    {
        var host = await StartAsync(polywire => polywire.AddRooms("lobby"));
        using var meter = new Recorder(host);
        foreach (var client in new[] { await host.ConnectAsync(), await host.ConnectAsync() })
        {
            await client.JoinAsync("lobby");
        }

        await host.Rooms.SayAsync("lobby", "hello");

        meter.Of("polywire.room.deliveries").ShouldBe(["2 polywire.outcome=delivered"]);
    }

    [Fact]
    public async Task TellsWhatBecameOfAMessageForEachMember()
    {
        var host = await StartAsync(_ => { });
        using var meter = new Recorder(host);
        var count = default(DeliveryCount);
        count.Add(Delivery.Closed);
        count.Add(Delivery.Dropped);
        count.Add(Delivery.Delivered);
        count.Add(Delivery.Delivered);

        host.Services.GetRequiredService<PolywireMetrics>().Delivered(count);

        meter.Of("polywire.room.deliveries").ShouldBe(
            ["2 polywire.outcome=delivered", "1 polywire.outcome=dropped", "1 polywire.outcome=closed"]);
    }

    [Fact]
    public async Task ASlowReaderIsCountedWithWhatItMissed()
    {
        var host = await StartAsync(_ => { });
        using var meter = new Recorder(host);
        var client = await host.ConnectAsync();

        host.Services.GetRequiredService<Polywire.Diagnostics.PolywireMetrics>().SlowReaderDropped(client.Connection, 7);

        meter.Of("polywire.slow_readers").ShouldBe(["1 polywire.transport=inline"]);
        meter.Of("polywire.dropped_messages").ShouldBe(["7 polywire.transport=inline"]);
    }

    private void AddActions(IPolywireBuilder polywire)
    {
        polywire.MapAction<Empty, Done>("gated", async (_, _, _) =>
        {
            await _gate.Task;
            return new Done("");
        });
        polywire.MapAction<Empty, Done>("fail", _ => throw new ActionException("no") { Status = ActionStatus.RateLimited });
    }

    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, string? Unit, string Text)> _records = [];

        public Recorder(PolywireTestHost host)
        {
            var factory = host.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == PolywireTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public IEnumerable<string> Of(string name)
        {
            lock (_records)
            {
                return [.. _records.Where(record => record.Name == name).Select(record => record.Text)];
            }
        }

        public string? UnitOf(string name)
        {
            lock (_records)
            {
                return _records.First(record => record.Name == name).Unit;
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var sorted = tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}");
            lock (_records)
            {
                _records.Add((instrument.Name, instrument.Unit, string.Join(' ', sorted.Prepend($"{value}"))));
            }
        }
    }
}
