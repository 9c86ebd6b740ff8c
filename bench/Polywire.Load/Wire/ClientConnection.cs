using System.Net.Sockets;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>A client connection: bytes out, messages in, which are lines or, over a WebSocket, text frames.</summary>
/// <remarks>One reader and one sender at a time. The deadline given when opening ends every wait by disposing the socket.</remarks>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>
    /// Receives in a row that found data waiting before others get a turn. Completions run on the thread that polls
    /// (see Program), so one busy connection would otherwise delay what this program measures on the others.
    /// </summary>
    private const int TurnBudget = 16;

    private const byte TextOpcode = 0x1;
    private const byte CloseOpcode = 0x8;
    private const byte PingOpcode = 0x9;

    private readonly Socket _socket;
    private readonly MessageBuffer _received;
    private readonly Dialect _dialect;
    private readonly CancellationTokenRegistration _deadline;
    private bool _hasClosed;
    private int _turn;

    private ClientConnection(Socket socket, Dialect dialect, int bufferBytes, CancellationToken deadline)
    {
        _socket = socket;
        _dialect = dialect;
        _received = new MessageBuffer(bufferBytes);
        _deadline = deadline.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
    }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>Whether pings are answered, which takes that nobody else sends meanwhile. Those who send show life by it.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>Connects and, where the server has one, waits for its welcome.</summary>
    /// <param name="target">The server.</param>
    /// <param name="timeout">Longest wait for both.</param>
    /// <param name="deadline">Ends the connection whenever it is cancelled.</param>
    /// <param name="bufferBytes">First size of the receive buffer.</param>
    /// <param name="kernelBytes">Size of the kernel's receive buffer; 0 leaves it as it is.</param>
    /// <exception cref="SocketException">Refused, reset, or ended before the welcome.</exception>
    /// <exception cref="TimeoutException">Not connected and welcomed in time.</exception>
    public static async Task<ClientConnection> OpenAsync(
        Target target, TimeSpan timeout, CancellationToken deadline, int bufferBytes = 4096, int kernelBytes = 0)
    {
        var socket = target.NewSocket();
        var connection = new ClientConnection(socket, target.Dialect, bufferBytes, deadline);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        limit.CancelAfter(timeout);
        try
        {
            if (kernelBytes > 0)
            {
                socket.ReceiveBufferSize = kernelBytes;
            }

            await socket.ConnectAsync(target.EndPoint(), limit.Token);
            if (target.WebSocketPath is not null)
            {
                await connection.UpgradeAsync(target, limit.Token);
            }

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
        var receive = _socket.ReceiveAsync(_received.Room(), SocketFlags.None, cancellationToken);
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
        _received.Advance(count);
        BytesIn += count;
        return count > 0;
    }

    /// <summary>Takes the next message; valid until <see cref="ReceiveAsync"/>. What only the protocol is concerned with is dealt with.</summary>
    public bool TryReadMessage(out ReadOnlySpan<byte> message)
    {
        if (!_received.IsFramed)
        {
            return _received.TryReadLine(out message);
        }

        while (_received.TryReadFrame(out var opcode, out message))
        {
            switch (opcode)
            {
                case TextOpcode:
                    return true;
                case PingOpcode when AnswersPings:
                    _ = AnswerAsync(ClientFrame.Pong);
                    break;
                case CloseOpcode when !_hasClosed:
                    _hasClosed = true;
                    _ = AnswerAsync(ClientFrame.Close);
                    break;
            }
        }

        return false;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sent = await _socket.SendAsync(bytes, SocketFlags.None);
            BytesOut += sent;
            bytes = bytes[sent..];
        }
    }

    /// <summary>Sends a request and waits for its answer; messages of rooms in between are passed over.</summary>
    /// <param name="request">With its LF, or its frame.</param>
    /// <param name="timeout">Longest wait for the answer.</param>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="SocketException">The connection ended first.</exception>
    public async Task<string> AskAsync(ReadOnlyMemory<byte> request, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        await SendAsync(request);
        try
        {
            return await ReadAnswerAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer to '{MessageScanner.Show(request.Span)}' in time.");
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
                while (TryReadMessage(out _))
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

    /// <summary>Ends this side, in order.</summary>
    public async ValueTask EndAsync()
    {
        if (!_dialect.IsFramed)
        {
            _socket.Shutdown(SocketShutdown.Send);
            return;
        }

        _hasClosed = true;
        await SendAsync(ClientFrame.Close);
    }

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

    private async Task UpgradeAsync(Target target, CancellationToken cancellationToken)
    {
        // The key is the example of RFC 6455; nobody here caches.
        await SendAsync(Encoding.ASCII.GetBytes(
            $"GET {target.WebSocketPath} HTTP/1.1\r\nHost: {target.Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var isFirst = true;
        while (await ReceiveAsync(cancellationToken))
        {
            while (_received.TryReadLine(out var line))
            {
                if (isFirst && !line.StartsWith("HTTP/1.1 101 "u8))
                {
                    throw new InvalidDataException($"The upgrade was answered: {MessageScanner.Show(line)}");
                }

                isFirst = false;
                if (line.TrimEnd((byte)'\r').IsEmpty)
                {
                    _received.IsFramed = true;
                    return;
                }
            }
        }

        throw new SocketException((int)SocketError.ConnectionReset);
    }

    // Nobody else sends at that time.
    private async Task AnswerAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            await SendAsync(frame);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Whoever reads sees the end too.
        }
    }

    private async Task ReadWelcomeAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (TryReadMessage(out var message))
            {
                if (!MessageScanner.IsWelcome(message))
                {
                    throw new InvalidDataException($"Expected a welcome, got: {MessageScanner.Show(message)}");
                }

                return;
            }
        }
        while (await ReceiveAsync(cancellationToken));

        throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (TryReadMessage(out var line))
            {
                if (!MessageScanner.IsBroadcast(line))
                {
                    return Encoding.UTF8.GetString(line).TrimEnd();
                }
            }
        }
        while (await ReceiveAsync(cancellationToken));

        throw new SocketException((int)SocketError.ConnectionReset);
    }
}
