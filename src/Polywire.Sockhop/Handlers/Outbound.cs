using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Values of the application as messages.</summary>
internal static class Outbound
{
    public static ValueTask SendAsync<T>(Connection connection, T value, CancellationToken cancellationToken)
    {
        ThrowIfNull(value);
        if (TryBytes(value, out var bytes))
        {
            return connection.SendAsync(Frame(WireType.Buffer, bytes), cancellationToken);
        }

        var writer = PayloadWriter.Rent();
        try
        {
            return connection.SendAsync(Frame(connection.Settings.Json, value, writer), cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    public static ValueTask SendAsync(Connection connection, WireType type, JsonElement value, CancellationToken cancellationToken)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            return connection.SendAsync(Frame(type, value, writer), cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    public static Task<TReply> RequestAsync<T, TReply>(Connection connection, T value, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ThrowIfNull(value);
        if (TryBytes(value, out var bytes))
        {
            return connection.RequestAsync<TReply>(Frame(WireType.Buffer, bytes), timeout, cancellationToken);
        }

        var writer = PayloadWriter.Rent();
        try
        {
            return connection.RequestAsync<TReply>(Frame(connection.Settings.Json, value, writer), timeout, cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    public static Task<TReply> RequestAsync<TReply>(
        Connection connection, WireType type, JsonElement value, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            return connection.RequestAsync<TReply>(Frame(type, value, writer), timeout, cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    /// <summary>Answers a request; null is answered with an empty object.</summary>
    public static ValueTask ReplyAsync<T>(Connection connection, in CallbackId id, T value, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            return connection.ReplyAsync(id, new OutboundFrame { Type = WireType.Object, Data = "{}"u8 }, cancellationToken);
        }

        if (TryBytes(value, out var bytes))
        {
            return connection.ReplyAsync(id, Frame(WireType.Buffer, bytes), cancellationToken);
        }

        var writer = PayloadWriter.Rent();
        try
        {
            return connection.ReplyAsync(id, Frame(connection.Settings.Json, value, writer), cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    public static ValueTask ReplyAsync(Connection connection, in CallbackId id, WireType type, JsonElement value, CancellationToken cancellationToken)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            return connection.ReplyAsync(id, Frame(type, value, writer), cancellationToken);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    /// <summary>Answers a request with what went wrong.</summary>
    public static ValueTask ReplyErrorAsync(Connection connection, in CallbackId id, Exception exception)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            connection.Settings.Json.Write(new ErrorReply(exception.Message), writer);
            return connection.ReplyAsync(id, new OutboundFrame { Type = WireType.Error, Data = writer.Written }, CancellationToken.None);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    /// <summary>JSON text of the application's as a message.</summary>
    /// <exception cref="SockhopException">It is not one JSON value.</exception>
    public static OutboundFrame JsonFrame(Connection connection, string type, ReadOnlySpan<byte> json)
    {
        SockhopTypeRegistry.ThrowIfReserved(type);
        if (!JsonText.IsValid(json, connection.Settings.Json.MaxDepth))
        {
            throw new SockhopException(
                SockhopErrorCodes.SerializeFailed, $"What is to be sent is not one JSON value of at most {connection.Settings.Json.MaxDepth} levels.");
        }

        return new OutboundFrame
        {
            Type = type == "Object" ? WireType.Object : new WireType(type),
            Data = JsonText.OneLine(json, spaces: connection.Settings.Escape?.HasSpace == true),
        };
    }

    /// <summary>Bytes as a message; long ones stay where they are until they are written.</summary>
    public static OutboundFrame Frame(WireType type, ReadOnlyMemory<byte> bytes) => FrameEncoder.IsWrittenInPlace(bytes.Length)
        ? new OutboundFrame { Type = type, IsBytes = true, Bytes = bytes }
        : new OutboundFrame { Type = type, IsBytes = true, Data = bytes.Span };

    public static OutboundFrame Frame<T>(SockhopJson json, T value, PayloadWriter writer)
    {
        var type = json.Write(value, writer);
        if (writer.Written.SequenceEqual("null"u8) && !ReferenceEquals(type, WireType.Number))
        {
            throw Null();
        }

        return new OutboundFrame { Type = type, Data = writer.Written };
    }

    public static OutboundFrame Frame(WireType type, JsonElement value, PayloadWriter writer)
    {
        // What is no number and what is no date are null in JSON.
        if (value.ValueKind == JsonValueKind.Undefined
            || (value.ValueKind == JsonValueKind.Null && type.Name != WireType.Number.Name && type.Name != WireType.Date.Name))
        {
            throw Null();
        }

        SockhopJson.Write(value, writer);
        return new OutboundFrame { Type = type, Data = writer.Written };
    }

    public static bool TryBytes<T>(T value, out ReadOnlyMemory<byte> bytes)
    {
        if (typeof(T).IsValueType)
        {
            if (typeof(T) == typeof(ReadOnlyMemory<byte>))
            {
                bytes = (ReadOnlyMemory<byte>)(object)value!;
                return true;
            }

            if (typeof(T) == typeof(Memory<byte>))
            {
                bytes = (Memory<byte>)(object)value!;
                return true;
            }

            if (typeof(T) == typeof(ArraySegment<byte>))
            {
                bytes = (ArraySegment<byte>)(object)value!;
                return true;
            }

            bytes = default;
            return false;
        }

        switch (value)
        {
            case byte[] array:
                bytes = array;
                return true;
            case ReadOnlyMemory<byte> readOnly:
                bytes = readOnly;
                return true;
            case Memory<byte> memory:
                bytes = memory;
                return true;
            case ArraySegment<byte> segment:
                bytes = segment;
                return true;
            default:
                bytes = default;
                return false;
        }
    }

    public static void ThrowIfNull<T>(T value)
    {
        if (value is null)
        {
            throw Null();
        }
    }

    private static SockhopException Null() => new(SockhopErrorCodes.BadData, "Null cannot be sent.");
}
