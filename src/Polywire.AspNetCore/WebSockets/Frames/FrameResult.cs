namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>What a reader found in the bytes.</summary>
internal enum FrameResult
{
    /// <summary>Nothing whole yet.</summary>
    NeedMore,

    /// <summary>A message, put together.</summary>
    Message,

    /// <summary>A ping, to be answered.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>The peer closes.</summary>
    Close,

    /// <summary>No frame of the protocol: 1002.</summary>
    Violation,

    /// <summary>Text that is no UTF-8, or no compressed data: 1007.</summary>
    InvalidData,

    /// <summary>A message over the limit: 1009.</summary>
    TooBig,
}
