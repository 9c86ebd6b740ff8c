using System.IO.Pipelines;
using Polywire.AspNetCore.Compatibility.Primus;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Json;

namespace Polywire.AspNetCore.WebSockets;

/// <content>Signs of life, and the dialect in which they are asked for.</content>
internal sealed partial class WebSocketConnection
{
    private const int SilentTicks = 2;

    // Ticks since the last bytes.
    private int _life;

    /// <summary>Whether the client speaks the dialect of Primus.</summary>
    public bool IsPrimus { get; private set; }

    /// <summary>Asks for a sign of life; ends a connection that has given none for two ticks.</summary>
    /// <param name="primusPing">The frame for those that speak the dialect, made once for all.</param>
    public void Tick(ReadOnlyMemory<byte> primusPing)
    {
        if (IsClosed || !IsWelcomed)
        {
            return;
        }

        if (!IsNotReading && Interlocked.Increment(ref _life) >= SilentTicks)
        {
            _ = EndAsync(CloseReason.HeartbeatTimeout, TimeSpan.Zero);
            return;
        }

        Outbound.SendShared(IsPrimus ? primusPing : PlainPing);
    }

    /// <summary>Takes a message that may be a control string of Primus.</summary>
    /// <param name="json">One JSON value.</param>
    /// <returns>Whether it was one, so that there is nothing more to do.</returns>
    public bool TryControl(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("\"primus::"u8))
        {
            return false;
        }

        IsPrimus = true;
        if (json.StartsWith("\"primus::id::"u8))
        {
            Outbound.TryAdd(PrimusStrings.Id(Id));
            return true;
        }

        if (json.StartsWith("\"primus::ping::"u8))
        {
            using var buffer = ResponseBuffer.Rent();
            buffer.Write("\"primus::pong::"u8);
            buffer.Write(json["\"primus::ping::"u8.Length..]);
            Messages.Frame(buffer, 0);
            Outbound.TryAdd(buffer.WrittenSpan);
            return true;
        }

        return json.StartsWith("\"primus::pong::"u8);
    }

    protected override ReadResult OnReadAhead(in ReadResult read, long known)
    {
        _life = 0;
        return read;
    }

    private static ReadOnlyMemory<byte> PlainPing { get; } = FrameWriter.Frame(FrameWriter.Ping, []);
}
