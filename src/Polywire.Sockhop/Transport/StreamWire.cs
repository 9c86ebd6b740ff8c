using System.Net;
using System.Net.Security;

namespace Polywire.Sockhop.Transport;

/// <summary>TLS over a socket.</summary>
internal sealed class StreamWire : Wire
{
    private readonly SslStream _stream;

    public StreamWire(SslStream stream, EndPoint? local, EndPoint? remote)
    {
        _stream = stream;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer);

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        await _stream.WriteAsync(first).ConfigureAwait(false);
        if (!second.IsEmpty)
        {
            await _stream.WriteAsync(second).ConfigureAwait(false);
        }
    }

    public override async ValueTask ShutdownAsync()
    {
        try
        {
            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side was faster.
        }
    }

    public override void Dispose() => _stream.Dispose();
}
