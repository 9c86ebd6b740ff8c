namespace Polywire.Sockhop.Connections;

/// <summary>Tells the owner of an event in its turn, unless the end had its turn before.</summary>
internal sealed class EventItem<T>(Connection connection, T value, Action<Connection, T> tell) : WorkItem
{
    public override void Run()
    {
        if (!connection.IsEndTold)
        {
            tell(connection, value);
        }
    }
}
