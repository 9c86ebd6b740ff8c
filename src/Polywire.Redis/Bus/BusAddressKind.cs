namespace Polywire.Redis.Bus;

/// <summary>The kinds of channels between nodes.</summary>
internal enum BusAddressKind
{
    /// <summary>That of all nodes.</summary>
    All,

    /// <summary>That of a room.</summary>
    Room,

    /// <summary>That of one node.</summary>
    Node,
}
