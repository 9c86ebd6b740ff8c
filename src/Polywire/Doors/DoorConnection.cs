using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Files;
using Polywire.Json;
using Polywire.Outbound;

namespace Polywire.Doors;

/// <summary>A persistent connection: what it answers and what it is sent, how it begins and how it ends, the same on every door.</summary>
/// <remarks>
/// A door over a stream of bytes derives from <see cref="StreamConnection"/>, which reads as well. One whose messages are cut elsewhere
/// hands them to its <see cref="Session"/> one after the other.
/// </remarks>
[Experimental("PWX0001")]
public abstract partial class DoorConnection : Connection
{
    /// <summary>Makes a connection.</summary>
    /// <param name="id">Unique in the cluster.</param>
    /// <param name="fingerprint">What stays the same when the client connects again; the id where there is no such thing.</param>
    /// <param name="transport">The kind of connection.</param>
    /// <param name="services">The services of the host.</param>
    /// <param name="protocol">Writes the messages; may be shared by all connections.</param>
    protected DoorConnection(string id, string fingerprint, Transports transport, ConnectionServices services, MessageProtocol protocol)
        : base(id, fingerprint, transport, services.Time)
    {
        Services = services;
        Protocol = protocol;
        Session = new ConnectionSession(this);
    }

    /// <summary>The services of the host.</summary>
    public ConnectionServices Services { get; }

    /// <summary>Writes the messages of the connection.</summary>
    public MessageProtocol Protocol { get; }

    /// <summary>Runs the actions and answers the verbs that the client asks for.</summary>
    public ConnectionSession Session { get; }

    /// <summary>How much may wait to be sent.</summary>
    public abstract OutboundLimits Limits { get; }

    /// <summary>Whether a message that an action pushes without a <c>context</c> is matched to the request of that action (<see cref="RequestScope"/>); false by default.</summary>
    public virtual bool AttributesPushes => false;

    /// <inheritdoc/>
    public override Delivery TrySend<T>(T message)
    {
        using var buffer = ResponseBuffer.Rent();
        JsonSerializer.Serialize(buffer.Writer, message, Services.Json.GetTypeInfo<T>());
        buffer.Writer.Flush();
        FramePush(buffer);
        if (buffer.Length > Limits.MaxBytes)
        {
            throw new InvalidOperationException(
                $"The message has {buffer.Length} bytes; a connection takes {Limits.MaxBytes} at most (Polywire:MaxQueueLength).");
        }

        return Push(buffer.WrittenSpan);
    }

    /// <summary>Queues an answer, framed; copied. It may wait for <see cref="Flush"/>.</summary>
    /// <param name="message">With its frame. Not sent if the connection has ended or its queue is full.</param>
    /// <param name="ids">The ids of the request; not released here.</param>
    public abstract void Answer(ReadOnlySpan<byte> message, in MessageIds ids);

    /// <summary>Sends the answers that wait.</summary>
    public abstract void Flush();

    /// <summary>Sends a file that was asked for, or the error in its place; the answer of <paramref name="ids"/> where the protocol has such.</summary>
    /// <param name="file">What was found; disposed by the caller.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="ids">Not released here.</param>
    /// <returns>Whether the whole file was handed over.</returns>
    public abstract ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids);

    /// <summary>Sends a message that answers no request, framed; copied. Called concurrently.</summary>
    /// <returns>What became of the message.</returns>
    protected abstract Delivery Push(ReadOnlySpan<byte> message);

    /// <summary>Puts the frame around a message of the application's, the JSON in <paramref name="buffer"/>.</summary>
    protected virtual void FramePush(ResponseBuffer buffer) => Protocol.Frame(buffer, 0);

    /// <summary>Lets the client in: its welcome goes out, and behind it what waits.</summary>
    protected void Welcome()
    {
        SayWelcome();
        Life.Welcome();

        // Either the one who stops finds us registered, or we see that it does.
        Interlocked.MemoryBarrier();
        if (Services.State.IsStopping)
        {
            BeginStop();
        }
    }

    /// <summary>Sends the welcome, if the protocol has one.</summary>
    protected abstract void SayWelcome();

    /// <summary>Ends a connection whose client does not read what is sent to it.</summary>
    /// <param name="droppedMessages">How many it will not get.</param>
    protected void EndSlowReader(int droppedMessages)
    {
        Services.Metrics.SlowReaderDropped(this, droppedMessages);
        Log.SlowReader(Services.Logger, Type, RemoteIP, droppedMessages, Limits.MaxBytes, Limits.MaxMessages);
        _ = EndAsync(CloseReason.SlowReader, TimeSpan.Zero);
    }

    /// <summary>Reports an exception that nothing has handled, after which the connection is closed; logs it as an error by default.</summary>
    protected virtual void OnFailure(Exception exception) => Log.ConnectionFailed(Services.Logger, exception, Type);

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
    }
}
