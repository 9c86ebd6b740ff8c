using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Polywire.Transport.Tests;

/// <summary>A bound listener, and pairs of a bare client socket and the accepted connection.</summary>
internal sealed class TransportFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Tests open pairs from several threads.
    private readonly ConcurrentBag<Socket> _clients = [];
    private readonly ConcurrentBag<ConnectionContext> _connections = [];

    private TransportFixture(IConnectionListener listener, SocketBlockPool pool)
    {
        Listener = listener;
        Pool = pool;
    }

    public IConnectionListener Listener { get; }

    public SocketBlockPool Pool { get; }

    public EndPoint Address => ((DirectSocketEndPoint)Listener.EndPoint).Address;

    public static async Task<TransportFixture> StartAsync(
        bool poller, EndPoint? address = null, ILoggerFactory? loggers = null, Action<DirectSocketOptions>? configure = null)
    {
        var options = new DirectSocketOptions { UsePoller = poller && OperatingSystem.IsLinux() };
        configure?.Invoke(options);
        var pool = new SocketBlockPool(counted: true);
        var factory = new DirectSocketTransportFactory(loggers ?? NullLoggerFactory.Instance, TimeProvider.System, pool);
        var endPoint = new DirectSocketEndPoint(address ?? new IPEndPoint(IPAddress.Loopback, 0), options);
        return new TransportFixture(await factory.BindAsync(endPoint), pool);
    }

    public async Task<Socket> ConnectAsync()
    {
        var unix = Address is UnixDomainSocketEndPoint;
        var client = new Socket(
            Address.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!unix)
        {
            client.NoDelay = true;
        }

        _clients.Add(client);
        await client.ConnectAsync(Address);
        return client;
    }

    public async Task<(Socket Client, DirectSocketConnection Server)> PairAsync()
    {
        var client = await ConnectAsync();
        var server = (DirectSocketConnection)(await Listener.AcceptAsync().AsTask().WaitAsync(Patience))!;
        _connections.Add(server);
        return (client, server);
    }

    /// <summary>Waits until no block is out; the system may still hold one for a moment after the end of a connection.</summary>
    public async Task AllReturnedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Pool.Rented != 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var connection in _connections)
        {
            connection.Abort();
            await connection.DisposeAsync().AsTask().WaitAsync(Patience);
        }

        await Listener.DisposeAsync();
    }
}

/// <summary>Short words of the tests for sockets and pipes.</summary>
internal static class TransportTestExtensions
{
    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(TransportFixture.Patience);

    public static Task Soon(this Task task) => task.WaitAsync(TransportFixture.Patience);

    public static async Task<byte[]> ReceiveExactlyAsync(this Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var received = await socket.ReceiveAsync(bytes.AsMemory(at)).Soon();
            if (received == 0)
            {
                throw new EndOfStreamException($"The end after {at} of {count} bytes.");
            }

            at += received;
        }

        return bytes;
    }

    public static async Task<long> ReceiveToEndAsync(this Socket socket)
    {
        var buffer = new byte[256 * 1024];
        long total = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory()).Soon() is var received and > 0)
        {
            total += received;
        }

        return total;
    }

}
