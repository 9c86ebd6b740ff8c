namespace Polywire.Sockhop.Peer;

/// <summary>Tells the owner of an event in its turn, unless the end had its turn before.</summary>
internal sealed class EventItem<T>(Events events, T value, Action<Connection, T> tell) : WorkItem
{
    public override void Run()
    {
        if (!events.IsEndTold)
        {
            tell(events.Connection, value);
        }
    }
}
