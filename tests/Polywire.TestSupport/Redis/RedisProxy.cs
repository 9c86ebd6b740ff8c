using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Polywire.TestSupport.Redis;

/// <summary>Stands between a client and a server: cuts connections, refuses them, or lets them hang, on order.</summary>
public sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<Pipe, bool> _pipes = new();
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private volatile bool _isDown;
    private volatile TaskCompletionSource? _frozen;

    private RedisProxy(int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port that clients are pointed at.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>As <c>AddRedis</c> takes it.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>The number of connections that are open.</summary>
    public int Connections => _pipes.Count;

    /// <summary>Begins to pass everything to a port of the loopback.</summary>
    public static RedisProxy Start(int target) => new(target);

    /// <summary>Cuts all connections; new ones are let through.</summary>
    public void Cut()
    {
        foreach (var pipe in _pipes.Keys)
        {
            pipe.Close();
        }
    }

    /// <summary>Cuts all connections and refuses new ones until <see cref="Up"/>.</summary>
    public void Down()
    {
        _isDown = true;
        Cut();
    }

    /// <summary>Lets new connections through again.</summary>
    public void Up() => _isDown = false;

    /// <summary>Passes nothing on in either direction, new connections included, until <see cref="Thaw"/>.</summary>
    public void Freeze() => _frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes on what was held up.</summary>
    public void Thaw() => Interlocked.Exchange(ref _frozen, null)?.TrySetResult();

    /// <summary>Passes nothing more on over those connections that have subscribed to something, for as long as they live.</summary>
    /// <returns>How many.</returns>
    public int FreezeSubscriptions()
    {
        var frozen = 0;
        foreach (var pipe in _pipes.Keys)
        {
            if (pipe.HasSubscribed)
            {
                pipe.IsFrozen = true;
                frozen++;
            }
        }

        return frozen;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Thaw();
        Cut();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                if (_isDown)
                {
                    client.Close(0);
                    continue;
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It ends.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var pipe = new Pipe(client, server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            _pipes[pipe] = true;
            await Task.WhenAny(PassAsync(client, server, pipe, isRequest: true), PassAsync(server, client, pipe, isRequest: false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whoever cut it knows.
        }
        finally
        {
            _pipes.TryRemove(pipe, out _);
            pipe.Close();
        }
    }

    private async Task PassAsync(Socket from, Socket to, Pipe pipe, bool isRequest)
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (isRequest)
                {
                    pipe.Look(buffer.AsSpan(0, read));
                }

                if (_frozen is { } frozen)
                {
                    await frozen.Task.WaitAsync(_end.Token);
                }

                if (!pipe.IsFrozen)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whoever cut it knows.
        }
    }

    private sealed class Pipe(Socket client, Socket server)
    {
        public bool HasSubscribed { get; private set; }

        public volatile bool IsFrozen;

        public void Look(ReadOnlySpan<byte> request)
        {
            if (request.IndexOf("SUBSCRIBE"u8) >= 0)
            {
                HasSubscribed = true;
            }
        }

        public void Close()
        {
            client.Close(0);
            server.Close(0);
        }
    }
}
