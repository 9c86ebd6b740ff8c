using System.Net.Sockets;
using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>Takes the connections of a client under test.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public RawListener(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen();
    }

    public async Task<RawPeer> AcceptAsync() => new(await _socket.AcceptAsync().WithinLimit());

    public void Dispose() => _socket.Dispose();
}
