namespace Polywire.Sockhop.Peer;

/// <summary>The stages of a connection, in the only order in which they follow each other; some may be left out.</summary>
internal enum Stage
{
    /// <summary>Made, and not begun.</summary>
    New,

    /// <summary>Messages go both ways.</summary>
    Open,

    /// <summary>What was accepted is being written; nothing more is accepted.</summary>
    Closing,

    /// <summary>Nothing more is sent or received.</summary>
    Closed,
}
