using System.Net;

namespace Polywire.Sockhop.Transport;

/// <summary>A duplex byte stream under a connection. One receive and one send may go on at a time; disposing ends both.</summary>
internal abstract class Wire : IDisposable
{
    public EndPoint? LocalEndPoint { get; protected init; }

    public EndPoint? RemoteEndPoint { get; protected init; }

    /// <summary>Receives what is there.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all of two pieces, the second of which may be empty.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second);

    /// <summary>Tells the other side that nothing more comes.</summary>
    public abstract ValueTask ShutdownAsync();

    /// <summary>Lets go of the connection.</summary>
    public abstract void Dispose();
}
