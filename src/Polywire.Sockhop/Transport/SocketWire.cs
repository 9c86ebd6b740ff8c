using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Polywire.Sockhop.Transport;

/// <summary>A plain socket.</summary>
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;
    private readonly ArraySegment<byte>[] _pieces = new ArraySegment<byte>[2];

    public SocketWire(Socket socket)
    {
        _socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            // Messages are written whole; waiting for more to write only delays them.
            socket.NoDelay = true;
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (second.IsEmpty)
        {
            var sending = _socket.SendAsync(first, SocketFlags.None);
            if (!sending.IsCompletedSuccessfully)
            {
                return SendRestAsync(sending, first);
            }

            var sent = sending.GetAwaiter().GetResult();
            return sent == first.Length ? default : SendRestAsync(new ValueTask<int>(sent), first);
        }

        return MemoryMarshal.TryGetArray(first, out _pieces[0]) && MemoryMarshal.TryGetArray(second, out _pieces[1])
            ? SendBothAsync(first, second)
            : SendOneByOneAsync(first, second);
    }

    public override ValueTask ShutdownAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }

        return default;
    }

    public override void Dispose() => _socket.Dispose();

    private async ValueTask SendRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> all)
    {
        for (var sent = await sending.ConfigureAwait(false); sent < all.Length;)
        {
            sent += await _socket.SendAsync(all[sent..], SocketFlags.None).ConfigureAwait(false);
        }
    }

    private async ValueTask SendBothAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var sent = await _socket.SendAsync(_pieces, SocketFlags.None).ConfigureAwait(false);
        _pieces.AsSpan().Clear();
        if (sent < first.Length + (long)second.Length)
        {
            await SendOneByOneAsync(first[Math.Min(sent, first.Length)..], second[Math.Max(0, sent - first.Length)..]).ConfigureAwait(false);
        }
    }

    private async ValueTask SendOneByOneAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (!first.IsEmpty)
        {
            await SendAsync(first, default).ConfigureAwait(false);
        }

        if (!second.IsEmpty)
        {
            await SendAsync(second, default).ConfigureAwait(false);
        }
    }
}
