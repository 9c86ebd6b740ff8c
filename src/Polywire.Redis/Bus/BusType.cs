namespace Polywire.Redis.Bus;

/// <summary>What a message between nodes is (cluster.md NO-46).</summary>
internal enum BusType
{
    /// <summary>Something that was said in a room.</summary>
    Say,

    /// <summary>A room was destroyed.</summary>
    Destroyed,

    /// <summary>A question.</summary>
    Ask,

    /// <summary>The answer of one node.</summary>
    Answer,

    /// <summary>A node has come.</summary>
    Hello,

    /// <summary>A node goes.</summary>
    Bye,

    /// <summary>A node asks itself whether it still hears.</summary>
    Ping,
}
