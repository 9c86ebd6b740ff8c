using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Json;
using Polywire.Outbound;

namespace Polywire.Doors;

/// <summary>A persistent connection over a stream of bytes: one loop that reads, and one queue that writes.</summary>
[Experimental("PWX0001")]
public abstract partial class StreamConnection : DoorConnection, IOutboundOwner
{
    /// <summary>Makes a connection.</summary>
    /// <param name="transport">The kind of connection.</param>
    /// <param name="services">The services of the host.</param>
    /// <param name="protocol">Writes the messages; may be shared by all connections.</param>
    /// <param name="output">What goes to the client; nobody else writes to it.</param>
    /// <param name="outputCollects">Whether the output itself sends together what is flushed from several threads.</param>
    /// <param name="fingerprint">What stays the same when the client connects again; null for the connection's id.</param>
    /// <param name="limits">How much may wait; null for <see cref="ConnectionServices.Limits"/>.</param>
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
        : base(id, fingerprint ?? id, transport, services, protocol)
    {
        Outbound = new OutboundQueue(output, limits ?? services.Limits, this, outputCollects, isOpen: false);
    }

    /// <summary>The queue of what is to be sent, with its one writer.</summary>
    public OutboundQueue Outbound { get; }

    /// <inheritdoc/>
    public override OutboundLimits Limits => Outbound.Limits;

    /// <inheritdoc/>
    public override void Answer(ReadOnlySpan<byte> message, in MessageIds ids) => Outbound.TryAdd(message);

    /// <inheritdoc/>
    public override void Flush() => Outbound.Flush();

    /// <inheritdoc/>
    protected internal override Delivery Deliver(in OutboundEntry entry) => Outbound.SendShared(entry.Message.For(Protocol.Format));

    void IOutboundOwner.OnOverflow(int droppedMessages) => EndSlowReader(droppedMessages);

    void IOutboundOwner.OnWriteFailed(Exception? exception)
    {
        if (exception is not null and not IOException and not OperationCanceledException and not ObjectDisposedException)
        {
            Log.SendFailed(Services.Logger, exception, Type);
        }

        _ = EndAsync(CloseReason.ClientReset, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    protected override Delivery Push(ReadOnlySpan<byte> message)
    {
        var outcome = Outbound.Add(message);
        if (outcome == Delivery.Delivered)
        {
            Outbound.Flush();
        }

        return outcome;
    }

    /// <inheritdoc/>
    // What the middleware had sent, or rooms it had joined, comes behind it.
    protected override void SayWelcome()
    {
        using var buffer = ResponseBuffer.Rent();
        Protocol.WriteWelcome(buffer);
        Outbound.Open(buffer.WrittenSpan);
    }

    /// <summary>Cuts the transport off without another byte.</summary>
    /// <remarks>A flush that waits for the client has to return, else the end of the connection waits for it.</remarks>
    protected abstract void Reset();

    private static partial class Log
    {
        [LoggerMessage(EventIds.SendFailed, LogLevel.Debug, "[server: {Type}] a write failed")]
        public static partial void SendFailed(ILogger logger, Exception exception, string type);
    }
}
