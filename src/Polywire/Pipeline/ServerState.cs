namespace Polywire.Pipeline;

/// <summary>Whether the host takes requests: from the beginning of its start until the beginning of its stop (core.md PR-3).</summary>
internal sealed class ServerState(TimeProvider time)
{
    private long _started = time.GetTimestamp();
    private volatile bool _stopping;

    public bool IsStopping => _stopping;

    /// <summary>How long it has been since the host began to start.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(Volatile.Read(ref _started));

    public void BeginStart() => Volatile.Write(ref _started, time.GetTimestamp());

    public void BeginStop() => _stopping = true;
}
