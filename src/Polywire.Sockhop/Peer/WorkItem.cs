namespace Polywire.Sockhop.Peer;

/// <summary>Something that came from the peer and concerns the application: run in the order of arrival.</summary>
internal abstract class WorkItem
{
    /// <summary>Whether it waits until the handler before it has finished. What does not is a reply or an event, and may overtake.</summary>
    public virtual bool IsHandled => false;

    /// <summary>What it counts against the bound of what may wait.</summary>
    public virtual long Cost => 0;

    /// <summary>Runs what is not <see cref="IsHandled"/>. It does not throw.</summary>
    public virtual void Run()
    {
    }

    /// <summary>Runs what is <see cref="IsHandled"/>. It does not throw.</summary>
    public virtual ValueTask RunAsync() => default;
}
