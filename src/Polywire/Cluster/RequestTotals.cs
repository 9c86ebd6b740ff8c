using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Numbers of requests for actions, by transport; refused ones included.</summary>
[Experimental("PWX0002")]
public readonly record struct RequestTotals
{
    /// <summary>Over HTTP.</summary>
    public long Web { get; init; }

    /// <summary>Over TCP, TLS and Unix sockets.</summary>
    public long Socket { get; init; }

    /// <summary>Over WebSockets.</summary>
    public long WebSocket { get; init; }
}
