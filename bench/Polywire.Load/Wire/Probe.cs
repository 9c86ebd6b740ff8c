using Polywire.Load.Measuring;

namespace Polywire.Load.Wire;

/// <summary>One well-behaved connection that asks at a steady rate while something else goes on.</summary>
internal sealed class Probe : IAsyncDisposable
{
    /// <summary>In flight at most, below the server's limit of 5; what is due beyond it waits with its clock running.</summary>
    private const int Depth = 4;

    private readonly RequestConnection _connection;
    private readonly Recorder _recorder = new();
    private readonly Pacer _pacer;
    private Phase? _phase;

    private Probe(ClientConnection line, Target target, LoadOptions options)
    {
        _connection = new RequestConnection(line, options.Request(target), Depth, _recorder, Tally);
        _pacer = new Pacer(options.ProbeRate, _connection.Due);
    }

    public Tally Tally { get; } = new();

    public List<Phase> Phases { get; } = [];

    /// <summary>How late the probe itself was.</summary>
    public LatencyHistogram Lag => _pacer.Lag;

    public static async Task<Probe> StartAsync(Target target, LoadOptions options, CancellationToken deadline)
    {
        var line = await ClientConnection.OpenAsync(target, options.Timeout, deadline);
        return new Probe(line, target, options);
    }

    /// <summary>Ends the phase before, if any, and begins a new one.</summary>
    public void Begin(string name)
    {
        _phase?.End();
        _phase = _recorder.Begin(name);
        Phases.Add(_phase);
    }

    /// <summary>Ends the last phase and waits for the last answers.</summary>
    public async Task FinishAsync(TimeSpan timeout)
    {
        _phase?.End();
        await _pacer.DisposeAsync();
        await _connection.DrainAsync(timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await _pacer.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
