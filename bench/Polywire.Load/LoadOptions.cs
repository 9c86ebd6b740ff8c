using Polywire.Load.Wire;

namespace Polywire.Load;

/// <summary>What the command line asked for. Defaults stand here; <see cref="LoadOptionsParser"/> fills the rest.</summary>
internal sealed record LoadOptions
{
    /// <summary>The first word of the command line.</summary>
    public required string Command { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 5000;

    public string? UnixPath { get; init; }

    /// <summary>Process of the server, to read its CPU time and memory; 0 for none.</summary>
    public int Pid { get; init; }

    /// <summary>The server does not speak first.</summary>
    public bool NoWelcome { get; init; }

    /// <summary>A second server to compare with, in turns, at this port; 0 for none.</summary>
    public int AgainstPort { get; init; }

    public string? AgainstUnixPath { get; init; }

    public int AgainstPid { get; init; }

    public bool AgainstNoWelcome { get; init; }

    /// <summary>Rounds of a comparison.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Connections; 0 takes the default of the command.</summary>
    public int Connections { get; init; }

    /// <summary>Requests in flight on each connection.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Length of each measured phase.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a connection, an answer, or the last answers of a run.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for the whole program; then every connection is cut and the run fails.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests in a second over all connections, or connections where they are what comes; 0 for a closed loop.</summary>
    public double Rate { get; init; }

    /// <summary>Requests in a second of the probe.</summary>
    public double ProbeRate { get; init; } = 200;

    public string Action { get; init; } = "randomNumber";

    /// <summary>More members of the params, as JSON text.</summary>
    public string Params { get; init; } = "";

    /// <summary>Bytes of ballast in each request or message.</summary>
    public int Payload { get; init; }

    public string Room { get; init; } = "defaultRoom";

    /// <summary>Most requests that the greedy connection has in flight.</summary>
    public int GreedyDepth { get; init; } = 4096;

    public int Listeners { get; init; } = 500;

    /// <summary>Messages in flight in a fan-out.</summary>
    public int InFlight { get; init; } = 4;

    /// <summary>Members of the room that never read.</summary>
    public int Stalled { get; init; }

    /// <summary>Connections that churn opens and closes at once.</summary>
    public int Concurrency { get; init; } = 50;

    /// <summary>Churning connections join the room too.</summary>
    public bool Join { get; init; }

    /// <summary>How churning connections end: fin, quit, reset, or mix (fin and reset in turn).</summary>
    public string End { get; init; } = "mix";

    /// <summary>Idle connections send one request each before they fall silent.</summary>
    public bool Touch { get; init; }

    /// <summary>Time for memory to settle before it is read.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a flood.</summary>
    public long Bytes { get; init; } = 256L << 20;

    /// <summary>What spoiled messages are sent to, as <c>tcp:5000,websocket:8080</c>.</summary>
    public string Doors { get; init; } = "";

    /// <summary>Decides what is spoiled and how; 0 for another each time.</summary>
    public int Seed { get; init; }

    /// <summary>No table on stderr.</summary>
    public bool Quiet { get; init; }

    /// <summary>Path of the WebSocket endpoint to speak to instead of the socket server; null for none.</summary>
    public string? WebSocketPath { get; init; }

    public string? AgainstWebSocketPath { get; init; }

    public Target Target => new(Host, Port, UnixPath, Pid, !NoWelcome, WebSocketPath);

    public Target? Against => AgainstPort == 0 && AgainstUnixPath is null
        ? null
        : new(Host, AgainstPort, AgainstUnixPath, AgainstPid, !AgainstNoWelcome, AgainstWebSocketPath);

    public int ConnectionsOr(int standard) => Connections > 0 ? Connections : standard;

    /// <summary>The request that every scenario but the fan-out sends.</summary>
    public RequestTemplate Request(Target target) => target.Dialect.Action(Action, Params, Payload);
}
