using System.Net.Sockets;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>A client connection of the socket protocol: bytes out, lines in.</summary>
/// <remarks>One reader and one sender at a time. The deadline given when opening ends every wait by disposing the socket.</remarks>
internal sealed class LineConnection : IDisposable
{
    /// <summary>
    /// Receives in a row that found data waiting before others get a turn. Completions run on the thread that polls
    /// (see Program), so one busy connection would otherwise delay what this program measures on the others.
    /// </summary>
    private const int TurnBudget = 16;

    private readonly Socket _socket;
    private readonly LineBuffer _lines;
    private readonly CancellationTokenRegistration _deadline;
    private int _turn;

    private LineConnection(Socket socket, int bufferBytes, CancellationToken deadline)
    {
        _socket = socket;
        _lines = new LineBuffer(bufferBytes);
        _deadline = deadline.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
    }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>Whether a receive would give something at once: bytes, or the end.</summary>
    public bool HasData => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects and, where the server has one, waits for its welcome.</summary>
    /// <param name="target">The server.</param>
    /// <param name="timeout">Longest wait for both.</param>
    /// <param name="deadline">Ends the connection whenever it is cancelled.</param>
    /// <param name="bufferBytes">First size of the receive buffer.</param>
    /// <param name="kernelBytes">Size of the kernel's receive buffer; 0 leaves it as it is.</param>
    /// <exception cref="SocketException">Refused, reset, or ended before the welcome.</exception>
    /// <exception cref="TimeoutException">Not connected and welcomed in time.</exception>
    public static async Task<LineConnection> OpenAsync(
        Target target, TimeSpan timeout, CancellationToken deadline, int bufferBytes = 4096, int kernelBytes = 0)
    {
        var socket = target.NewSocket();
        var connection = new LineConnection(socket, bufferBytes, deadline);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        limit.CancelAfter(timeout);
        try
        {
            if (kernelBytes > 0)
            {
                socket.ReceiveBufferSize = kernelBytes;
            }

            await socket.ConnectAsync(target.EndPoint(), limit.Token);
            if (target.HasWelcome)
            {
                await connection.ReadWelcomeAsync(limit.Token);
            }

            return connection;
        }
        catch (OperationCanceledException)
        {
            connection.Dispose();
            throw new TimeoutException($"{target} did not accept and welcome a connection in time.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether an exception only says that the connection is over.</summary>
    public static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or TimeoutException;

    /// <summary>Waits for more bytes.</summary>
    /// <returns><see langword="false"/> once the server has ended its side.</returns>
    public async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        var receive = _socket.ReceiveAsync(_lines.Room(), SocketFlags.None, cancellationToken);
        if (!receive.IsCompleted)
        {
            _turn = 0;
        }
        else if (++_turn >= TurnBudget)
        {
            _turn = 0;
            await Task.Yield();
        }

        var count = await receive;
        _lines.Advance(count);
        BytesIn += count;
        return count > 0;
    }

    /// <inheritdoc cref="LineBuffer.TryReadLine"/>
    public bool TryReadLine(out ReadOnlySpan<byte> line) => _lines.TryReadLine(out line);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sent = await _socket.SendAsync(bytes, SocketFlags.None);
            BytesOut += sent;
            bytes = bytes[sent..];
        }
    }

    /// <summary>Sends one line and waits for its answer; messages of rooms in between are passed over.</summary>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="SocketException">The connection ended first.</exception>
    public Task<string> AskAsync(string line, TimeSpan timeout) => AskAsync(Encoding.UTF8.GetBytes(line + "\n"), timeout);

    /// <inheritdoc cref="AskAsync(string, TimeSpan)"/>
    /// <param name="line">With its LF.</param>
    /// <param name="timeout">Longest wait for the answer.</param>
    public async Task<string> AskAsync(ReadOnlyMemory<byte> line, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        await SendAsync(line);
        try
        {
            return await ReadAnswerAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer to '{LineScanner.Show(line.Span)}' in time.");
        }
    }

    /// <summary>Reads and drops everything until the server ends its side.</summary>
    /// <returns><see langword="false"/> if it had not within <paramref name="timeout"/>.</returns>
    /// <exception cref="SocketException">The server reset the connection.</exception>
    public async Task<bool> ReadToEndAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            while (await ReceiveAsync(limit.Token))
            {
                while (TryReadLine(out _))
                {
                    // Dropped: only the end matters.
                }
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends this side only.</summary>
    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Disposes so that the server sees a reset (over a Unix socket: a plain end).</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _socket.Dispose();
    }

    private async Task ReadWelcomeAsync(CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken))
        {
            if (TryReadLine(out var line))
            {
                if (!LineScanner.IsWelcome(line))
                {
                    throw new InvalidDataException($"Expected a welcome, got: {LineScanner.Show(line)}");
                }

                return;
            }
        }

        throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (TryReadLine(out var line))
            {
                if (!LineScanner.IsBroadcast(line))
                {
                    return Encoding.UTF8.GetString(line).TrimEnd();
                }
            }
        }
        while (await ReceiveAsync(cancellationToken));

        throw new SocketException((int)SocketError.ConnectionReset);
    }
}
