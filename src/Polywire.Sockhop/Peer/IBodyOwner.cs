namespace Polywire.Sockhop.Peer;

/// <summary>Who counts what waits in the streams of a connection.</summary>
internal interface IBodyOwner
{
    /// <summary>Notes how much more, or less, waits to be read; any thread.</summary>
    void CountUnread(long bytes);
}
