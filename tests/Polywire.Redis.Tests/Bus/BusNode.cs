using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Polywire.Diagnostics;
using Polywire.Redis.Bus;
using Polywire.Redis.Nodes;
using Polywire.Redis.Tests.Support;
using Polywire.TestSupport;
using Shouldly;

namespace Polywire.Redis.Tests.Bus;

/// <summary>One node of a <see cref="BusCluster"/>, what it hears, and what it counts.</summary>
internal sealed class BusNode : IDisposable
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private readonly Channel<bool> _links = Channel.CreateUnbounded<bool>();
    private readonly MetricCollector<long> _dropped;
    private readonly MetricCollector<long> _lost;
    private readonly MetricCollector<int> _waiting;

    public BusNode(TestNode node)
    {
        Node = node;
        Bus = node.Services.GetRequiredService<RedisBackplane>();
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        _dropped = new MetricCollector<long>(meters, PolywireTelemetry.Name, "polywire.cluster.dropped");
        _lost = new MetricCollector<long>(meters, PolywireTelemetry.Name, "polywire.cluster.lost");
        _waiting = new MetricCollector<int>(meters, PolywireTelemetry.Name, "polywire.cluster.outbox.length");
        Bus.LinkChanged += (_, changed) => _links.Writer.TryWrite(changed.IsUp);
    }

    public TestNode Node { get; }

    public RedisBackplane Bus { get; }

    public Peers Peers => Node.Services.GetRequiredService<Peers>();

    public NodeIdentity Identity => Node.Identity;

    /// <summary>How many messages did not come, by their numbers.</summary>
    public long Lost => (long)_lost.GetMeasurementSnapshot().EvaluateAsCounter();

    /// <summary>How many messages wait for the link.</summary>
    public int Waiting
    {
        get
        {
            _waiting.RecordObservableInstruments();
            return _waiting.LastMeasurement?.Value ?? 0;
        }
    }

    public static byte[] Body(string text, string room = "room") => Encoding.UTF8.GetBytes($$"""{"message":"{{text}}","room":"{{room}}"}""");

    /// <summary>How many messages were dropped for a reason.</summary>
    public long Dropped(string reason) =>
        _dropped.GetMeasurementSnapshot().Where(one => (string?)one.Tags["reason"] == reason).Sum(one => one.Value);

    /// <summary>Says a text in a room.</summary>
    public void Say(string text, string room = "room")
    {
        var accepted = Bus.PublishAsync(BackplaneChannel.Room(room), "say", Body(text, room), default);
        accepted.IsCompletedSuccessfully.ShouldBeTrue();
    }

    /// <summary>Begins to hear a room; what is heard is in order in <see cref="HeardAsync"/>.</summary>
    public async Task<IAsyncDisposable> HearAsync(string room = "room") =>
        await Bus.SubscribeAsync(
            BackplaneChannel.Room(room),
            (message, _) =>
            {
                using var said = JsonDocument.Parse(message.Body);
                _heard.Writer.TryWrite(said.RootElement.GetProperty("message").GetString()!);
                return default;
            },
            default).WithinLimit();

    /// <summary>Takes the next text that was heard.</summary>
    public async Task<string> HeardAsync() => await _heard.Reader.ReadAsync().WithinLimit();

    /// <summary>Whether a text was heard that was not taken.</summary>
    public bool HasHeard(out string? text) => _heard.Reader.TryRead(out text);

    /// <summary>Takes the next change of the link.</summary>
    public async Task LinkIsAsync(bool isUp) => (await _links.Reader.ReadAsync().WithinLimit()).ShouldBe(isUp);

    /// <summary>Whether the link changed and nobody took notice.</summary>
    public bool HasLinkChanged => _links.Reader.TryPeek(out _);

    public void Dispose()
    {
        _dropped.Dispose();
        _lost.Dispose();
        _waiting.Dispose();
    }
}
