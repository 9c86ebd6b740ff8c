using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Bounds;

/// <summary>Bounds the connections of one door, and tells operators of those it turned away: each is counted, one in a minute is logged.</summary>
[Experimental("PWX0001")]
public sealed partial class DoorGate
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly LogPause _warnings;
    private readonly string _type;
    private readonly string _section;
    private readonly ConnectionGate _gate;
    private readonly PolywireMetrics _metrics;
    private readonly ILogger _logger;

    internal DoorGate(
        string type,
        string section,
        ConnectionGate gate,
        PolywireMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _type = type;
        _section = section;
        _gate = gate;
        _metrics = metrics;
        _logger = logger;
        _warnings = new(time, Pause);
    }

    /// <summary>Connections that are in.</summary>
    public int Count => _gate.Count;

    /// <summary>Whether connections are counted by address; otherwise the address need not be found out.</summary>
    public bool CountsAddresses => _gate.CountsAddresses;

    /// <summary>Whether anything is bounded.</summary>
    public bool IsBounded => _gate.Max > 0 || _gate.CountsAddresses;

    /// <summary>Counts a connection in; each that came in is to be counted out with the same address.</summary>
    /// <param name="address">Where it comes from; null is not counted by address.</param>
    public GateAnswer TryEnter(IPAddress? address)
    {
        var answer = _gate.TryEnter(address);
        if (answer != GateAnswer.In)
        {
            // Whoever accepts goes on, whatever a log provider throws.
            LastCatch.Run((Gate: this, Answer: answer, Address: address), static told => told.Gate.Tell(told.Answer, told.Address), _logger);
        }

        return answer;
    }

    /// <summary>Counts a connection out.</summary>
    public void Leave(IPAddress? address) => _gate.Leave(address);

    private void Tell(GateAnswer answer, IPAddress? address)
    {
        _metrics.ConnectionRefused(_type, answer);
        if (!_warnings.IsOver())
        {
            return;
        }

        var who = (object?)address ?? "unix";
        if (answer == GateAnswer.TooMany)
        {
            Log.TooMany(_logger, _type, who, _section, _gate.Max);
        }
        else
        {
            Log.TooManyOfAddress(_logger, _type, who, _section, _gate.MaxPerAddress);
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
