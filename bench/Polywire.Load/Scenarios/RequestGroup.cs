using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>Connections that are driven together: all in a closed loop, or all from one schedule in turn.</summary>
internal sealed class RequestGroup : IAsyncDisposable
{
    private readonly List<RequestConnection> _connections;
    private readonly double _rate;
    private Pacer? _pacer;
    private int _turn;

    private RequestGroup(List<RequestConnection> connections, double rate)
    {
        _connections = connections;
        _rate = rate;
    }

    public required Recorder Recorder { get; init; }

    public required Tally Tally { get; init; }

    public int Count => _connections.Count;

    public long BytesIn => _connections.Sum(c => c.BytesIn);

    public long BytesOut => _connections.Sum(c => c.BytesOut);

    /// <summary>How late the schedule was kept; null in a closed loop.</summary>
    public LatencyHistogram? Lag => _pacer?.Lag;

    public static async Task<RequestGroup> OpenAsync(int count, LoadOptions options, Target target, CancellationToken deadline)
    {
        var recorder = new Recorder();
        var tally = new Tally();
        var connections = await RequestConnection.OpenManyAsync(count, options, target, recorder, tally, deadline);
        return new RequestGroup(connections, options.Rate) { Recorder = recorder, Tally = tally };
    }

    public void Start()
    {
        if (_connections.Count == 0)
        {
            return;
        }

        if (_rate > 0)
        {
            _pacer = new Pacer(_rate, intended => _connections[_turn++ % _connections.Count].Due(intended));
            return;
        }

        foreach (var connection in _connections)
        {
            connection.Run();
        }
    }

    /// <summary>Ends the load and waits for the last answers.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        if (_pacer is not null)
        {
            await _pacer.DisposeAsync();
        }

        await Task.WhenAll(_connections.Select(c => c.DrainAsync(timeout)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_pacer is not null)
        {
            await _pacer.DisposeAsync();
        }

        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
