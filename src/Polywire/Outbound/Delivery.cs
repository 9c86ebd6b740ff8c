namespace Polywire;

/// <summary>What became of a message for one connection.</summary>
public enum Delivery
{
    /// <summary>It was queued, or written at once.</summary>
    Delivered,

    /// <summary>The queue was full: it was dropped with all that waited, and the connection ends.</summary>
    Dropped,

    /// <summary>The connection takes no messages of this kind; a request of the web takes none at all.</summary>
    Refused,

    /// <summary>The connection has ended, or its goodbye is on the way.</summary>
    Closed,
}
