using System.Buffers.Binary;

namespace Polywire.Sockhop.Protocol;

/// <summary>Binary mode: length, message id, fields. Pure bytes to message and back.</summary>
internal static class BinaryProtocol
{
    public const int HeaderLength = 5;
    public const int CallbackIdLength = 36;
    public const int MaxTypeLength = 255;
    private const byte FirstId = 10;
    private const byte FirstBufferId = 13;

    /// <summary>What stands where a header is due when the peer wrote a text line after its switch: no header has these bytes.</summary>
    public static ReadOnlySpan<byte> StrayText => "{\"typ"u8;

    /// <summary>The length of the body, after the header.</summary>
    public static uint BodyLength(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header);

    /// <summary>Reads the body of a frame.</summary>
    /// <returns>Null, or the code of what is wrong. JSON is not looked at.</returns>
    public static string? Parse(byte messageId, Span<byte> body, out Frame frame)
    {
        frame = default;
        if (messageId is < FirstId or >= FirstId + 6)
        {
            return SockhopErrorCodes.NoSchema;
        }

        if (body.IsEmpty || body.Length < 1 + body[0] + sizeof(uint))
        {
            return SockhopErrorCodes.DeserializeFailed;
        }

        var typeLength = body[0];
        var dataOffset = 1 + typeLength + sizeof(uint);
        var dataLength = BinaryPrimitives.ReadUInt32LittleEndian(body[(1 + typeLength)..]);
        if (dataLength > body.Length - dataOffset)
        {
            return SockhopErrorCodes.DeserializeFailed;
        }

        frame.Kind = (FrameKind)((messageId - FirstId) % 3);
        frame.IsBytes = messageId >= FirstBufferId;
        frame.IsChecked = frame.IsBytes;
        frame.Type = body.Slice(1, typeLength);
        frame.HasData = true;
        frame.Data = body.Slice(dataOffset, (int)dataLength);
        frame.DataOffset = dataOffset;
        if (frame.Kind != FrameKind.Message)
        {
            var id = body[(dataOffset + (int)dataLength)..];
            id = id[..Math.Min(id.Length, CallbackIdLength)];
            var end = id.IndexOf((byte)0);
            frame.Id = end < 0 ? id : id[..end];
        }

        return null;
    }

    /// <summary>Reads what stands before the data of a frame that is a buffer and no request or response.</summary>
    /// <param name="there">What has come, from the header on.</param>
    /// <param name="type">The type's name.</param>
    /// <param name="dataLength">How long the data says it is.</param>
    /// <param name="prefixLength">How many bytes stand before the data; where they have not come, how many to wait for.</param>
    public static bool TryReadBufferPrefix(ReadOnlySpan<byte> there, out ReadOnlySpan<byte> type, out uint dataLength, out int prefixLength)
    {
        type = default;
        dataLength = 0;
        if (there[4] != FirstBufferId)
        {
            prefixLength = 0;
            return false;
        }

        prefixLength = HeaderLength + 1;
        if (there.Length < prefixLength || there.Length < (prefixLength = PrefixLength(there[HeaderLength])))
        {
            return false;
        }

        type = there.Slice(HeaderLength + 1, there[HeaderLength]);
        dataLength = BinaryPrimitives.ReadUInt32LittleEndian(there[(prefixLength - sizeof(uint))..]);
        return true;
    }

    /// <summary>How many bytes stand before the data.</summary>
    public static int PrefixLength(int typeLength) => HeaderLength + 1 + typeLength + sizeof(uint);

    /// <summary>Writes everything before the data.</summary>
    public static void WritePrefix(Span<byte> destination, FrameKind kind, bool isBytes, ReadOnlySpan<byte> type, uint dataLength)
    {
        var bodyLength = 1 + (uint)type.Length + sizeof(uint) + dataLength + (kind == FrameKind.Message ? 0u : CallbackIdLength);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, bodyLength);
        destination[4] = (byte)((isBytes ? FirstBufferId : FirstId) + (byte)kind);
        destination[5] = (byte)type.Length;
        type.CopyTo(destination[6..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[(6 + type.Length)..], dataLength);
    }

    /// <summary>Writes an id and what fills it up.</summary>
    public static void WriteId(Span<byte> destination, ReadOnlySpan<byte> id)
    {
        id.CopyTo(destination);
        destination[id.Length..CallbackIdLength].Clear();
    }

    /// <summary>The most data that a frame can say it has.</summary>
    public static long MaxDataLength(int typeLength, FrameKind kind) =>
        uint.MaxValue - 1L - typeLength - sizeof(uint) - (kind == FrameKind.Message ? 0 : CallbackIdLength);
}
