namespace Polywire.AspNetCore.Sockets.Transport;

/// <summary>Tells what one receive brought, for protocols in which the limits of a packet mean something.</summary>
/// <remarks>
/// Implemented by the reader of a direct socket connection, not by the reader that TLS puts in its place.
/// Source: docs/protocol/socket.md, 3.7.
/// </remarks>
internal interface IReceiveBoundary
{
    /// <summary>
    /// Gets how many bytes at the end of the last read result came with one receive; 0 where that result brought nothing new.
    /// </summary>
    /// <remarks>Valid from the read's completion to the call of AdvanceTo, on the consumer's side only.</remarks>
    int LastReceivedBytes { get; }
}
