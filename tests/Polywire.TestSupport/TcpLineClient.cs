using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Polywire.TestSupport;

/// <summary>A bare-socket client for tests: bytes and lines as they are on the wire, over TCP, TLS or a Unix domain socket.</summary>
/// <remarks>
/// Every wait is bounded by <see cref="Within.Limit"/>. One task may send while another reads. Lines and bytes are taken from the same
/// stream in order, so a line may be followed by raw bytes.
/// </remarks>
public sealed class TcpLineClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly PipeReader _reader;

    private TcpLineClient(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>The client's own address, as the server sees it.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>The stream under the client; TLS where it was asked for.</summary>
    public Stream Stream => _stream;

    /// <summary>Connects.</summary>
    /// <param name="endPoint">An address, or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    /// <param name="tls">Does a TLS handshake with these options (see <see cref="TestCertificates.Trusting"/>); null for plain bytes.</param>
    /// <param name="receiveBufferSize">The socket's buffer in bytes, small for a client that is to be slow; null for the system's choice.</param>
    public static async Task<TcpLineClient> ConnectAsync(
        EndPoint endPoint, SslClientAuthenticationOptions? tls = null, int? receiveBufferSize = null)
    {
        var isUnix = endPoint.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            socket.ReceiveBufferSize = receiveBufferSize ?? socket.ReceiveBufferSize;
            if (!isUnix)
            {
                socket.NoDelay = true;
            }

            await socket.ConnectAsync(endPoint).WithinLimit();
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            if (tls is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(tls).WithinLimit();
                stream = secure;
            }

            return new TcpLineClient(socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends text as UTF-8, exactly as it is: a line needs its ending.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes, in one write.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes).WithinLimit();
        await _stream.FlushAsync().WithinLimit();
    }

    /// <summary>Sends each piece in a write of its own.</summary>
    public async Task SendAsync(Split split)
    {
        foreach (var piece in split.Pieces)
        {
            await SendAsync(piece);
        }
    }

    /// <summary>Reads up to the next CR LF.</summary>
    /// <returns>The line without its ending.</returns>
    /// <exception cref="EndOfStreamException">The server closed first; the message has what there was of the line.</exception>
    public async Task<string> ReadLineAsync() =>
        Encoding.UTF8.GetString(await ReadAsync(
            static buffer =>
            {
                var reader = new SequenceReader<byte>(buffer);
                return reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8) ? (line.ToArray(), reader.Position) : null;
            },
            "a line"));

    /// <summary>Reads a line and parses it as JSON.</summary>
    /// <returns>The value; it lives as long as it is held.</returns>
    /// <exception cref="EndOfStreamException">The server closed before the end of the line.</exception>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public async Task<JsonElement> ReadJsonAsync()
    {
        using var document = JsonDocument.Parse(await ReadLineAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The server closed first.</exception>
    public Task<byte[]> ReadBytesAsync(int count) =>
        ReadAsync(buffer => buffer.Length >= count ? (buffer.Slice(0, count).ToArray(), buffer.GetPosition(count)) : null, $"{count} bytes");

    /// <summary>Reads until the server closes its direction.</summary>
    /// <returns>All that was left, which may be nothing.</returns>
    /// <exception cref="IOException">The connection was reset instead.</exception>
    public async Task<byte[]> ReadToEndAsync()
    {
        while (true)
        {
            var result = await _reader.ReadAsync().WithinLimit();
            if (result.IsCompleted)
            {
                var rest = result.Buffer.ToArray();
                _reader.AdvanceTo(result.Buffer.End);
                return rest;
            }

            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Closes this client's direction (FIN, over TLS a close notice first); reading goes on.</summary>
    public async Task HalfCloseAsync()
    {
        if (_stream is SslStream secure)
        {
            await secure.ShutdownAsync().WithinLimit();
        }

        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Cuts the connection with RST; what was sent may be lost.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        // Not the TLS stream's own end: that would send a close notice over a socket that may be gone.
        _socket.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task<byte[]> ReadAsync(Func<ReadOnlySequence<byte>, (byte[] Taken, SequencePosition End)?> take, string what)
    {
        while (true)
        {
            var result = await _reader.ReadAsync().WithinLimit($"reading {what}");
            if (take(result.Buffer) is var (taken, end))
            {
                _reader.AdvanceTo(end);
                return taken;
            }

            if (result.IsCompleted)
            {
                var rest = Encoding.UTF8.GetString(result.Buffer);
                _reader.AdvanceTo(result.Buffer.Start);
                throw new EndOfStreamException($"The server closed before {what}; it had sent: {rest}");
            }

            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
