using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Bounds;

/// <summary>Makes the gates by which doors bound their connections; a service of the host.</summary>
[Experimental("PWX0001")]
public sealed class DoorGates
{
    private readonly ILogger _logger;
    private readonly PolywireMetrics _metrics;
    private readonly TimeProvider _time;

    internal DoorGates(
        PolywireMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _metrics = metrics;
        _time = time;
        _logger = loggers.CreateLogger("Polywire.Connections");
    }

    /// <summary>Makes the gate of one door.</summary>
    /// <param name="type">The kind of connection.</param>
    /// <param name="section">The configuration section of the settings.</param>
    /// <param name="max">Connections at once; 0 for any number.</param>
    /// <param name="maxPerAddress">Connections of one address; 0 for any number.</param>
    public DoorGate Create(string type, string section, int max, int maxPerAddress) =>
        new(type, section, new ConnectionGate(max, maxPerAddress), _metrics, _time, _logger);
}
