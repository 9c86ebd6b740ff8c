using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>The bytes of a WebSocket whose server hands out messages: a client within the process speaks them.</summary>
internal sealed class MessageStream : Stream
{
    // What the last messages may take that are on their way when the connection has ended.
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly Stream _input;
    private readonly Stream _output;
    private Task _sending = Task.CompletedTask;

    private MessageStream(PipeReader input, PipeWriter output) => (_input, _output) = (input.AsStream(), output.AsStream());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins to translate.</summary>
    /// <param name="socket">The server's side; disposed of at the end.</param>
    /// <returns>What the server would read and write if it had the bytes.</returns>
    public static Stream Open(WebSocket socket)
    {
        var (up, down) = (new Pipe(), new Pipe());
        var outer = new MessageStream(down.Reader, up.Writer);
        var client = WebSocket.CreateFromStream(outer, new WebSocketCreationOptions { IsServer = false, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var inner = new MessageStream(up.Reader, down.Writer);
        inner._sending = TranslateAsync(socket, client);
        return inner;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _input.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _output.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        try
        {
            await _sending.WaitAsync(FlushLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            // Nobody takes the messages.
        }
    }

    protected override void Dispose(bool disposing)
    {
        _output.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    // Ends with what the server sends; what it receives then goes to nobody.
    private static async Task TranslateAsync(WebSocket server, WebSocket client)
    {
        var receiving = PumpAsync(server, client);
        await PumpAsync(client, server);
        server.Dispose();
        await receiving;
        client.Dispose();
    }

    private static async Task PumpAsync(WebSocket from, WebSocket to)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await from.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await to.CloseOutputAsync(from.CloseStatus ?? WebSocketCloseStatus.Empty, from.CloseStatusDescription, CancellationToken.None);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // One of the two is gone; the other is not to wait for it.
            from.Abort();
            to.Abort();
        }
    }
}
