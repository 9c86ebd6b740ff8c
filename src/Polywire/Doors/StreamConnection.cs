using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Files;
using Polywire.Json;
using Polywire.Outbound;

namespace Polywire.Doors;

/// <summary>A persistent connection over a stream of bytes: what TCP, WebSocket and Sockhop connections have in common.</summary>
internal abstract partial class StreamConnection : Connection, IOutboundOwner
{
    /// <summary>Makes a connection.</summary>
    /// <param name="transport">Its kind.</param>
    /// <param name="services">The host's.</param>
    /// <param name="protocol">How messages look.</param>
    /// <param name="output">Nobody else writes to it.</param>
    /// <param name="outputCollects">Whether the output itself sends together what is flushed from several threads.</param>
    /// <param name="fingerprint">By what the client is known again; null for the connection's id.</param>
    /// <param name="limits">What may wait; null for what holds for every transport.</param>
    protected StreamConnection(
        Transports transport,
        ConnectionServices services,
        MessageProtocol protocol,
        PipeWriter output,
        bool outputCollects,
        string? fingerprint = null,
        OutboundLimits? limits = null)
        : this(Guid.NewGuid().ToString(), fingerprint, transport, services, protocol, output, outputCollects, limits)
    {
    }

    private StreamConnection(
        string id,
        string? fingerprint,
        Transports transport,
        ConnectionServices services,
        MessageProtocol protocol,
        PipeWriter output,
        bool outputCollects,
        OutboundLimits? limits)
        : base(id, fingerprint ?? id, transport, services.Time)
    {
        Services = services;
        Protocol = protocol;
        Outbound = new OutboundQueue(output, limits ?? services.Limits, this, outputCollects, isOpen: false);
        Session = new ConnectionSession(this);
    }

    public ConnectionServices Services { get; }

    public MessageProtocol Protocol { get; }

    public OutboundQueue Outbound { get; }

    public ConnectionSession Session { get; }

    public override ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default)
    {
        using var buffer = ResponseBuffer.Rent();
        JsonSerializer.Serialize(buffer.Writer, message, Services.Json.GetTypeInfo<T>());
        buffer.Writer.Flush();
        FramePush(buffer);
        if (buffer.Length > Outbound.Limits.MaxBytes)
        {
            throw new InvalidOperationException(
                $"The message has {buffer.Length} bytes; a connection takes {Outbound.Limits.MaxBytes} at most (Polywire:MaxQueueLength).");
        }

        if (Outbound.TryAdd(buffer.WrittenSpan))
        {
            Outbound.Flush();
        }

        return default;
    }

    internal override Delivery Deliver(BroadcastMessage message) => Outbound.SendShared(message.For(Protocol.Format));

    void IOutboundOwner.OnOverflow(int droppedMessages)
    {
        Services.Metrics.SlowReaderDropped(this, droppedMessages);
        Log.SlowReader(Services.Logger, Type, RemoteIP, droppedMessages, Outbound.Limits.MaxBytes, Outbound.Limits.MaxMessages);
        _ = EndAsync(CloseReason.SlowReader, TimeSpan.Zero);
    }

    void IOutboundOwner.OnWriteFailed(Exception? exception)
    {
        if (exception is not null and not IOException and not OperationCanceledException and not ObjectDisposedException)
        {
            Log.SendFailed(Services.Logger, exception, Type);
        }

        _ = EndAsync(CloseReason.ClientReset, TimeSpan.Zero);
    }

    /// <summary>Puts a message of the protocol itself into the queue.</summary>
    public void Say(Action<MessageProtocol, ResponseBuffer> write)
    {
        using var buffer = ResponseBuffer.Rent();
        write(Protocol, buffer);
        Outbound.TryAdd(buffer.WrittenSpan);
    }

    /// <summary>Whether what an action pushes without a context is a part of its request's answer.</summary>
    public virtual bool AttributesPushes => false;

    /// <summary>Sends a file that was asked for, or the error in its place; the answer of <paramref name="ids"/> where the protocol has such.</summary>
    /// <param name="file">What was found; disposed by the caller.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="ids">Not released here.</param>
    /// <returns>Whether the whole file was handed over.</returns>
    public abstract ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids);

    /// <summary>Puts the frame around a message of the application's, the JSON in <paramref name="buffer"/>.</summary>
    protected virtual void FramePush(ResponseBuffer buffer) => Protocol.Frame(buffer, 0);

    /// <summary>Cuts the transport off without another byte.</summary>
    protected abstract void Reset();

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SlowReaderDropped,
            LogLevel.Warning,
            "[server: {Type}] {To} does not read: reset with {Messages} messages waiting (MaxQueueLength {MaxBytes} bytes, MaxQueueMessages {MaxMessages})")]
        public static partial void SlowReader(ILogger logger, string type, string to, int messages, int maxBytes, int maxMessages);

        [LoggerMessage(EventIds.ConnectionFailed, LogLevel.Error, "[server: {Type}] a connection failed and is closed")]
        public static partial void ConnectionFailed(ILogger logger, Exception exception, string type);

        [LoggerMessage(EventIds.LeavingTakesLong, LogLevel.Warning, "[server: {Type}] {To} is told goodbye before its middleware and rooms have let it go")]
        public static partial void LeavingTakesLong(ILogger logger, string type, string to);

        [LoggerMessage(EventIds.SendFailed, LogLevel.Debug, "[server: {Type}] a write failed")]
        public static partial void SendFailed(ILogger logger, Exception exception, string type);
    }
}
