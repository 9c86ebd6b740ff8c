using System.Diagnostics.CodeAnalysis;

namespace Polywire.Pipeline;

/// <summary>Whether the host takes requests: from the beginning of its start until the beginning of its stop (core.md PR-3).</summary>
[Experimental("PWX0001")]
public sealed class ServerState(TimeProvider time)
{
    private long _started = time.GetTimestamp();
    private volatile bool _stopping;

    /// <summary>Whether the host has begun to stop.</summary>
    public bool IsStopping => _stopping;

    /// <summary>How long it has been since the host began to start.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(Volatile.Read(ref _started));

    /// <summary>Notes that the host begins to start.</summary>
    internal void BeginStart() => Volatile.Write(ref _started, time.GetTimestamp());

    /// <summary>Notes that the host begins to stop.</summary>
    internal void BeginStop() => _stopping = true;
}
