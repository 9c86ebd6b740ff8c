using System.Net;
using System.Net.Sockets;

namespace Polywire.Sockhop.Transport;

/// <summary>Accepts connections until it is disposed.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly string? _path;
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    private Listener(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
        EndPoint = socket.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    public static Listener Start(SockhopServerOptions options, Func<Socket, Task> serve)
    {
        var endPoint = Sockets.EndPointOf(options);
        if (options.UnixSocketPath is { } path)
        {
            RemoveStale(path, endPoint);
        }

        var socket = Sockets.Create(endPoint);
        try
        {
            socket.Bind(endPoint);
            if (options.UnixSocketPath is not null && !OperatingSystem.IsWindows())
            {
                // Nobody can connect before it listens.
                File.SetUnixFileMode(options.UnixSocketPath, options.UnixSocketMode);
            }

            socket.Listen(options.Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var listener = new Listener(socket, options.UnixSocketPath);
        listener._accepting = listener.AcceptAsync(serve, options.TimeProvider);
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private async Task AcceptAsync(Func<Socket, Task> serve, TimeProvider time)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = Task.Run(() => serve(accepted), CancellationToken.None);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One peer was gone already, or there are no descriptors for a moment: neither ends the listening.
                await Task.Delay(PauseAfterError, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // A file that a server left behind which is no more; one that answers is in use.
    private static void RemoveStale(string path, EndPoint endPoint)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = Sockets.Create(endPoint);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // No socket, or not ours to touch: binding tells.
        }
    }
}
