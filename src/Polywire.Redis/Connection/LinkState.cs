namespace Polywire.Redis.Connection;

/// <summary>How a node stands to its cluster.</summary>
internal enum LinkState
{
    /// <summary>All is well.</summary>
    Up,

    /// <summary>Redis is not reachable.</summary>
    Down,

    /// <summary>Redis is back; the members of this node are being announced.</summary>
    Announcing,

    /// <summary>Another process has the id of this node.</summary>
    Taken,
}
