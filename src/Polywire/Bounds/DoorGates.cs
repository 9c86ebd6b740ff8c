using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Bounds;

/// <summary>Makes the gates of doors.</summary>
internal sealed class DoorGates(PolywireMetrics metrics, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("Polywire.Connections");

    /// <param name="type">The kind of connection.</param>
    /// <param name="section">The configuration section of the settings.</param>
    /// <param name="max">Connections at once; 0 for any number.</param>
    /// <param name="maxPerAddress">Connections of one address; 0 for any number.</param>
    public DoorGate Create(string type, string section, int max, int maxPerAddress) =>
        new(type, section, new ConnectionGate(max, maxPerAddress), metrics, time, _logger);
}
