namespace Polywire.Sockhop.Connections;

/// <summary>Tells the owner of an event in its turn.</summary>
internal sealed class EventItem<T>(Connection connection, T value, Action<Connection, T> tell) : WorkItem
{
    public override void Run() => tell(connection, value);
}
