using System.Diagnostics;
using System.Diagnostics.Metrics;
using Polywire.Bounds;
using Polywire.Outbound;

namespace Polywire.Diagnostics;

/// <summary>Owns every instrument. Tag values come from closed sets: action names, transports, outcomes, reasons.</summary>
internal sealed class PolywireMetrics
{
    private static readonly string[] Outcomes = [.. Enum.GetNames<ActionStatus>().Select(ToSnakeCase)];
    private static readonly (Delivery Outcome, string Name)[] Deliveries =
        [.. Enum.GetValues<Delivery>().Select(outcome => (outcome, ToSnakeCase(outcome.ToString())))];

    private readonly UpDownCounter<long> _connections;
    private readonly Histogram<double> _connectionDuration;
    private readonly Histogram<double> _actionDuration;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _slowReaders;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _inputEnds;
    private readonly Counter<long> _refused;
    private readonly Meter _meter;

    public PolywireMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(PolywireTelemetry.Name);
        _meter = meter;
        _connections = meter.CreateUpDownCounter<long>("polywire.active_connections", "{connection}", "Connections that are open.");
        _connectionDuration = meter.CreateHistogram<double>("polywire.connection.duration", "s", "How long persistent connections lived.");
        _actionDuration = meter.CreateHistogram<double>("polywire.action.duration", "s", "How long actions took.");
        _dropped = meter.CreateCounter<long>("polywire.dropped_messages", "{message}", "Messages that never left the outbound queue.");
        _slowReaders = meter.CreateCounter<long>("polywire.slow_readers", "{connection}", "Connections reset because their queue was full.");
        _deliveries = meter.CreateCounter<long>("polywire.room.deliveries", "{message}", "Messages for members of rooms, by what became of them.");
        _inputEnds = meter.CreateCounter<long>(
            "polywire.input_ended_connections", "{connection}", "Connections and requests ended for the unfinished input they held.");
        _refused = meter.CreateCounter<long>("polywire.refused_connections", "{connection}", "Connections that were one too many.");
    }

    /// <summary>Whether anybody listens to how long actions take.</summary>
    public bool MeasuresActions => _actionDuration.Enabled;

    public void ActionCompleted(ActionDescriptor? action, Connection connection, ActionStatus status, TimeSpan duration)
    {
        if (!_actionDuration.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            // The name of an action that does not exist is the client's, and would be an open set.
            { "polywire.action", action?.Name ?? "unknown" },
            { "polywire.transport", connection.Type },
            { "polywire.outcome", Outcomes[(int)status] },
        };
        _actionDuration.Record(duration.TotalSeconds, tags);
    }

    public void ConnectionOpened(Connection connection) => _connections.Add(1, Transport(connection));

    public void ConnectionClosed(Connection connection, TimeSpan duration)
    {
        _connections.Add(-1, Transport(connection));
        if (_connectionDuration.Enabled)
        {
            _connectionDuration.Record(duration.TotalSeconds, Transport(connection));
        }
    }

    public void SlowReaderDropped(Connection connection, long messages)
    {
        _slowReaders.Add(1, Transport(connection));
        _dropped.Add(messages, Transport(connection));
    }

    /// <summary>Counts an end for what was held (<c>polywire.reason</c>: <c>budget</c>, <c>stalled</c>).</summary>
    public void InputEnded(string transport, InputEndCause cause) =>
        _inputEnds.Add(
            1,
            new KeyValuePair<string, object?>("polywire.transport", transport),
            new KeyValuePair<string, object?>("polywire.reason", cause == InputEndCause.Stalled ? "stalled" : "budget"));

    /// <summary>Counts a connection that was turned away because there were too many (<c>polywire.reason</c>: <c>all</c>, <c>address</c>).</summary>
    public void ConnectionRefused(string transport, GateAnswer answer) =>
        _refused.Add(
            1,
            new KeyValuePair<string, object?>("polywire.transport", transport),
            new KeyValuePair<string, object?>("polywire.reason", answer == GateAnswer.TooMany ? "all" : "address"));

    /// <summary>Shows what the budget of input is charged.</summary>
    public void Observe(InputBudget budget) =>
        _meter.CreateObservableGauge("polywire.buffered_input", () => budget.ChargedBytes, "By", "Unfinished input that is held, in whole chunks.");

    /// <summary>Counts what became of a message for the members of its room.</summary>
    public void Delivered(in DeliveryCount count)
    {
        foreach (var (outcome, name) in Deliveries)
        {
            if (count.Of(outcome) is > 0 and var members)
            {
                _deliveries.Add(members, new KeyValuePair<string, object?>("polywire.outcome", name));
            }
        }
    }

    private static KeyValuePair<string, object?> Transport(Connection connection) => new("polywire.transport", connection.Type);

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
