using System.Net;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Bounds;

/// <summary>Bounds the connections of one door, and tells operators of those it turned away: each is counted, one in a minute is logged.</summary>
/// <param name="type">The kind of connection.</param>
/// <param name="section">The configuration section of the settings.</param>
/// <param name="gate">Counts.</param>
/// <param name="metrics">Takes the count of those turned away.</param>
/// <param name="time">The clock of the pause between two log lines.</param>
/// <param name="logger">Takes the log line.</param>
internal sealed partial class DoorGate(string type, string section, ConnectionGate gate, PolywireMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly LogPause _warnings = new(time, Pause);

    /// <summary>Connections that are in.</summary>
    public int Count => gate.Count;

    /// <summary>Whether the address of a connection is of any interest.</summary>
    public bool CountsAddresses => gate.CountsAddresses;

    /// <summary>Whether anything is bounded.</summary>
    public bool IsBounded => gate.Max > 0 || gate.CountsAddresses;

    /// <summary>Counts a connection in; each that came in is to be counted out with the same address.</summary>
    /// <param name="address">Where it comes from; null is not counted by address.</param>
    public GateAnswer TryEnter(IPAddress? address)
    {
        var answer = gate.TryEnter(address);
        if (answer != GateAnswer.In)
        {
            // Whoever accepts goes on, whatever a log provider throws.
            LastCatch.Run((Gate: this, Answer: answer, Address: address), static told => told.Gate.Tell(told.Answer, told.Address), logger);
        }

        return answer;
    }

    /// <summary>Counts a connection out.</summary>
    public void Leave(IPAddress? address) => gate.Leave(address);

    private void Tell(GateAnswer answer, IPAddress? address)
    {
        metrics.ConnectionRefused(type, answer);
        if (!_warnings.IsOver())
        {
            return;
        }

        var who = (object?)address ?? "unix";
        if (answer == GateAnswer.TooMany)
        {
            Log.TooMany(logger, type, who, section, gate.Max);
        }
        else
        {
            Log.TooManyOfAddress(logger, type, who, section, gate.MaxPerAddress);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.TooManyConnections,
            LogLevel.Warning,
            "[server: {Type}] connections are turned away, the first from {To}: there are as many as {Section}:MaxConnections allows ({Limit})")]
        public static partial void TooMany(ILogger logger, string type, object to, string section, int limit);

        [LoggerMessage(
            EventIds.TooManyConnectionsOfAddress,
            LogLevel.Warning,
            "[server: {Type}] connections of {To} are turned away: it has as many as {Section}:MaxConnectionsPerAddress allows ({Limit})")]
        public static partial void TooManyOfAddress(ILogger logger, string type, object to, string section, int limit);
    }
}
