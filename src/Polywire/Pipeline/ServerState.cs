namespace Polywire.Pipeline;

/// <summary>Whether the host takes requests: from the beginning of its start until the beginning of its stop (core.md PR-3).</summary>
internal sealed class ServerState
{
    private volatile bool _stopping;

    public bool IsStopping => _stopping;

    public void BeginStop() => _stopping = true;
}
