using System.Buffers;
using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <content>Sending.</content>
public abstract partial class SockhopPeer
{
    /// <summary>Sends a value, or bytes as a buffer.</summary>
    /// <param name="value">Not null. Written as JSON by the time the call returns.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is being written is written to its end.</param>
    /// <returns>Ends when the message is in the queue, and a long buffer when it is written.</returns>
    /// <exception cref="SockhopException">
    /// There is no connection, the value is null (<see cref="SockhopErrorCodes.BadData"/>) or has no form on the wire.
    /// </exception>
    public ValueTask SendAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        try
        {
            return Outbound.SendAsync(Require(), value, cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Sends a JSON value under a type name.</summary>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendAsync(string type, JsonElement value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            return Outbound.SendAsync(Require(), Named(type), value, cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Sends JSON text under a type name.</summary>
    /// <param name="type">The name on the wire.</param>
    /// <param name="json">One JSON value in UTF-8; copied.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendJsonAsync(string type, ReadOnlySpan<byte> json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            var connection = Require();
            return connection.SendAsync(Outbound.JsonFrame(connection, type, json), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Sends a buffer.</summary>
    /// <param name="bytes">If there are more than 16 KiB of them, they must not change until the task has ended.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is being written is written to its end.</param>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendBufferAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        SendAsync(bytes, cancellationToken);

    /// <summary>Sends a buffer that is read from a stream while it is written, so that it need not fit into memory.</summary>
    /// <param name="source">Not closed. If it fails or ends too early, so does the connection: a message that has begun cannot be taken back.</param>
    /// <param name="length">How many bytes to send.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is being written is written to its end.</param>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendBufferAsync(Stream source, long length, CancellationToken cancellationToken = default) =>
        SendStreamAsync(WireType.Buffer, source, length, cancellationToken);

    /// <summary>Sends a buffer under a type name of its own. What is sent must be in binary mode.</summary>
    /// <param name="type">At most 255 bytes of UTF-8; not <c>Buffer</c>.</param>
    /// <param name="bytes">If there are more than 16 KiB of them, they must not change until the task has ended.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is being written is written to its end.</param>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendTypedBufferAsync(string type, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        try
        {
            var connection = Require();
            return connection.SendAsync(Outbound.Frame(BufferType(connection, type), bytes), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <inheritdoc cref="SendTypedBufferAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendTypedBufferAsync(string type, ReadOnlySequence<byte> bytes, CancellationToken cancellationToken = default) =>
        SendTypedBufferAsync(type, bytes.IsSingleSegment ? bytes.First : bytes.ToArray(), cancellationToken);

    /// <summary>Sends a buffer under a type name of its own that is read from a stream while it is written.</summary>
    /// <param name="type">At most 255 bytes of UTF-8; not <c>Buffer</c>.</param>
    /// <param name="source">Not closed. If it fails or ends too early, so does the connection: a message that has begun cannot be taken back.</param>
    /// <param name="length">How many bytes to send.</param>
    /// <param name="cancellationToken">Gives up waiting for room; what is being written is written to its end.</param>
    /// <inheritdoc cref="SendAsync{T}"/>
    public ValueTask SendTypedBufferAsync(string type, Stream source, long length, CancellationToken cancellationToken = default)
    {
        try
        {
            return SendStreamAsync(BufferType(Require(), type), source, length, cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private ValueTask SendStreamAsync(WireType type, Stream source, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        try
        {
            return length == 0
                ? Require().SendAsync(new OutboundFrame { Type = type, IsBytes = true }, cancellationToken)
                : Require().SendAsync(new OutboundFrame { Type = type, IsBytes = true, Stream = source, StreamLength = length }, cancellationToken);
        }
        catch (SockhopException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private static WireType Named(string type)
    {
        SockhopTypeRegistry.ThrowIfReserved(type);
        return type switch
        {
            "Object" => WireType.Object,
            "String" => WireType.String,
            _ => new WireType(type),
        };
    }

    private static WireType BufferType(Connection connection, string type)
    {
        ArgumentNullException.ThrowIfNull(type);

        // Which of the two is told first is the Node library's order.
        return type != WireNames.Buffer ? Named(type)
            : connection.BinaryMode.Tx ? throw new SockhopException(SockhopErrorCodes.TypedBufferInvalidType, "A typed buffer may not be called 'Buffer'.")
            : throw FrameEncoder.NeedsBinaryMode();
    }
}
