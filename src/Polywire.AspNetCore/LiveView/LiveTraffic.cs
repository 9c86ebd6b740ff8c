using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Listens to the host's own metrics: durations of actions while somebody looks, drops all the time.</summary>
internal sealed class LiveTraffic : IDisposable
{
    // Names of actions are the application's own; this only bounds what one that makes them up at run time could do.
    private const int MaxActions = 1000;

    private readonly ConcurrentDictionary<string, Counts> _actions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StrongBox<int>> _transports = new(StringComparer.Ordinal);
    private readonly MeterListener _rare = new();
    private readonly IMeterFactory _meters;
    private MeterListener? _durations;
    private long _dropped;
    private long _slowReaders;

    public LiveTraffic(IMeterFactory meters)
    {
        _meters = meters;
        _rare.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument) && instrument.Name is "polywire.dropped_messages" or "polywire.slow_readers")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _rare.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Add(ref instrument.Name == "polywire.slow_readers" ? ref _slowReaders : ref _dropped, value));
        _rare.Start();
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public long SlowReaders => Interlocked.Read(ref _slowReaders);

    /// <summary>Begins or ends measuring actions; not to be called concurrently.</summary>
    public void Watch(bool on)
    {
        if (on == _durations is not null)
        {
            return;
        }

        if (!on)
        {
            _durations!.Dispose();
            _durations = null;
            _actions.Clear();
            _transports.Clear();
            return;
        }

        _durations = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (IsOurs(instrument) && instrument.Name == "polywire.action.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _durations.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(seconds, tags));
        _durations.Start();
    }

    /// <summary>Takes what was counted since the last time.</summary>
    public (List<LiveAction> Actions, Dictionary<string, int> ByTransport) Take(double seconds)
    {
        var actions = new List<LiveAction>();
        foreach (var (name, counts) in _actions)
        {
            var (runs, p50, p99, max) = counts.Latency.Take();
            if (runs > 0)
            {
                actions.Add(new LiveAction(name, runs, runs / seconds, Interlocked.Exchange(ref counts.Errors, 0), p50, p99, max));
            }
        }

        actions.Sort(static (one, other) => other.Runs.CompareTo(one.Runs));
        return (actions, _transports.ToDictionary(pair => pair.Key, pair => Interlocked.Exchange(ref pair.Value.Value, 0), StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _rare.Dispose();
        _durations?.Dispose();
    }

    // Other hosts in this process have meters of the same name.
    private bool IsOurs(Instrument instrument) => instrument.Meter.Name == PolywireTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, _meters);

    private void Add(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string action = "", transport = "", outcome = "";
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "polywire.action": action = value as string ?? ""; break;
                case "polywire.transport": transport = value as string ?? ""; break;
                case "polywire.outcome": outcome = value as string ?? ""; break;
            }
        }

        Interlocked.Increment(ref _transports.GetOrAdd(transport, static _ => new StrongBox<int>()).Value);
        if (!_actions.TryGetValue(action, out var counts))
        {
            if (_actions.Count >= MaxActions)
            {
                return;
            }

            counts = _actions.GetOrAdd(action, static _ => new Counts());
        }

        counts.Latency.Add(seconds);
        if (outcome != "success")
        {
            Interlocked.Increment(ref counts.Errors);
        }
    }

    private sealed class Counts
    {
        public readonly LatencyBuckets Latency = new();
        public int Errors;
    }
}
