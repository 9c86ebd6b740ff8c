using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Polywire.Sockhop.Transport;

/// <summary>Accepts connections until it is disposed.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    // What opening a socket as a file fails with: ENXIO on Linux, EOPNOTSUPP on macOS, ERROR_CANT_ACCESS_FILE on Windows.
    private const int LinuxNoDevice = 6;
    private const int MacNotSupported = 102;
    private const int WindowsCannotAccess = unchecked((int)0x80070780);

    private readonly Socket _socket;
    private readonly string? _path;
    private readonly DateTime _madeAt;
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    private Listener(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
        _madeAt = path is null ? default : File.GetLastWriteTimeUtc(path);
        EndPoint = socket.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    /// <param name="options">Where and how.</param>
    /// <param name="serve">Takes each connection; the token is set when the listening ends. It does not throw.</param>
    public static Listener Start(SockhopServerOptions options, Func<Socket, CancellationToken, Task> serve)
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
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
        if (_path is not null && File.GetLastWriteTimeUtc(_path) != _madeAt)
        {
            CloseAndLeavePath();
        }
        else
        {
            // Deletes the file too.
            _socket.Dispose();
        }
    }

    // Somebody else has taken the path meanwhile, and the socket would delete by name what is there now.
    [SuppressMessage("Usage", "CA1816", Justification = "It is the socket's finalizer that must not run.")]
    private void CloseAndLeavePath()
    {
        _socket.SafeHandle.Dispose();
        GC.SuppressFinalize(_socket);
    }

    private async Task AcceptAsync(Func<Socket, CancellationToken, Task> serve, TimeProvider time)
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(stop).ConfigureAwait(false);
                _ = Task.Run(() => serve(accepted, stop), CancellationToken.None);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One peer was gone already, or there are no descriptors for a moment: neither ends the listening.
                await Task.Delay(PauseAfterError, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A file that a server left behind which is no more; one that answers is in use.
    private static void RemoveStale(string path, EndPoint endPoint)
    {
        if (!IsSocket(path))
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
            // Not ours to touch: binding tells.
        }
    }

    // Connecting to an ordinary file is refused like connecting to a socket that nobody listens on, and that file is not ours to delete.
    // A socket can be told from it by the one thing that cannot be done with it: opening it.
    private static bool IsSocket(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > 0)
        {
            return false;
        }

        try
        {
            using var opened = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult is LinuxNoDevice or MacNotSupported or WindowsCannotAccess;
        }
    }
}
