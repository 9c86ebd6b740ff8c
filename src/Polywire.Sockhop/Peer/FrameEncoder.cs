using System.Buffers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>The two forms of a message, written into a queue. Holds no state of a connection, so all of them share it.</summary>
internal sealed class FrameEncoder(byte[] terminator, TerminatorEscape? escape)
{
    // Below this, copying a buffer costs less than waiting until it is written.
    private const int LeastUncopied = 16 << 10;

    /// <summary>Whether bytes are written from where they are rather than copied.</summary>
    public static bool IsWrittenInPlace(long length) => length > LeastUncopied;

    public static SockhopException NeedsBinaryMode() => new(
        SockhopErrorCodes.TypedBufferNeedsBinaryMode, "A typed buffer can be sent only once what is sent is in binary mode.");

    /// <summary>What a message takes of the queue, but for its frame; as base64, a buffer takes a third more.</summary>
    public static long QueuedLength(in OutboundFrame frame, bool isBinary) =>
        frame.IsBytes && frame.Stream is null && !isBinary ? TextForm.Base64Length(frame.DataLength) : frame.DataLength;

    /// <summary>Throws for what cannot be written in a mode.</summary>
    /// <exception cref="SockhopException">It has no form.</exception>
    public static void Check(in OutboundFrame frame, bool isBinary)
    {
        if (!isBinary)
        {
            if (frame.IsTypedBuffer)
            {
                throw NeedsBinaryMode();
            }

            return;
        }

        if (frame.Type.Utf8.Length > BinaryProtocol.MaxTypeLength)
        {
            throw new SockhopException(
                SockhopErrorCodes.SerializeFailed,
                $"The type name has {frame.Type.Utf8.Length} bytes; binary mode has room for {BinaryProtocol.MaxTypeLength}.");
        }

        var most = BinaryProtocol.MaxDataLength(frame.Type.Utf8.Length, frame.Kind);
        if (frame.DataLength > most)
        {
            throw new SockhopException(SockhopErrorCodes.MessageTooLarge, $"The message has {frame.DataLength} bytes; a frame has room for {most}.");
        }

        var idLength = frame.IdIsJson ? CallbackId.Characters(frame.Id).Length : frame.Id.Length;
        if (idLength > BinaryProtocol.CallbackIdLength)
        {
            throw new SockhopException(
                SockhopErrorCodes.SerializeFailed, $"The callback id has {idLength} bytes; binary mode has room for {BinaryProtocol.CallbackIdLength}.");
        }
    }

    /// <summary>Writes a message to the end of a queue.</summary>
    /// <param name="queue">Not changed where this throws.</param>
    /// <param name="frame">The message.</param>
    /// <param name="isBinary">The mode.</param>
    /// <param name="size">How much longer the queue is, in bytes.</param>
    /// <returns>Ends when memory or a stream of the sender's is written; null where everything was copied.</returns>
    /// <exception cref="SockhopException">The message has no form in this mode.</exception>
    public WriteCompletion? Append(OutboundQueue queue, in OutboundFrame frame, bool isBinary, out long size)
    {
        Check(frame, isBinary);
        return isBinary ? AppendBinary(queue, frame, out size) : AppendText(queue, frame, out size);
    }

    private static WriteCompletion? AppendBinary(OutboundQueue queue, in OutboundFrame frame, out long size)
    {
        var type = frame.Type.Utf8;
        var prefix = BinaryProtocol.PrefixLength(type.Length);
        var idLength = frame.Kind == FrameKind.Message ? 0 : BinaryProtocol.CallbackIdLength;
        var id = frame.IdIsJson ? CallbackId.Characters(frame.Id) : frame.Id;
        var isApart = frame.Stream is not null || !frame.Bytes.IsEmpty;
        var data = isApart ? 0 : frame.Data.Length;

        if (prefix + (long)data + idLength > Array.MaxLength)
        {
            throw new SockhopException(SockhopErrorCodes.MessageTooLarge, $"The message has {data} bytes of JSON; one that is sent has {Array.MaxLength} at most, all told.");
        }

        var span = queue.Take(prefix + data + (isApart ? 0 : idLength));
        BinaryProtocol.WritePrefix(span, frame.Kind, frame.IsBytes, type, (uint)frame.DataLength);
        size = prefix + frame.DataLength + idLength;
        if (!isApart)
        {
            frame.Data.CopyTo(span[prefix..]);
            if (idLength > 0)
            {
                BinaryProtocol.WriteId(span[(prefix + data)..], id);
            }

            return null;
        }

        var completion = new WriteCompletion();
        queue.Add(frame.Stream is { } stream
            ? new OutboundSegment(new OutboundStream(stream, frame.StreamLength, isText: false), completion)
            : new OutboundSegment(frame.Bytes, completion));
        if (idLength > 0)
        {
            BinaryProtocol.WriteId(queue.Take(idLength), id);
        }

        return completion;
    }

    private WriteCompletion? AppendText(OutboundQueue queue, in OutboundFrame frame, out long size)
    {
        var id = frame.Kind == FrameKind.Message ? default
            : frame.IdIsJson ? frame.Id
            : frame.Kind == FrameKind.Response ? CallbackId.Token(frame.Id) : frame.Id;
        if (frame.Stream is { } stream)
        {
            return AppendTextStream(queue, frame, stream, id, out size);
        }

        var bytes = frame.Bytes.IsEmpty ? frame.Data : frame.Bytes.Span;
        var dataLength = frame.IsBytes ? TextForm.Base64Length(bytes.Length) + 2 : bytes.Length;
        size = TextForm.BeforeData(frame.Type) + dataLength + TextForm.AfterData(frame.Kind, id, terminator);
        if (size > Array.MaxLength)
        {
            throw new SockhopException(
                SockhopErrorCodes.MessageTooLarge, $"The message has {size} bytes in text mode; {Array.MaxLength} can be sent from memory, more from a stream.");
        }

        if (escape is null)
        {
            TextForm.Write(queue.Take((int)size), frame.Type, bytes, frame.IsBytes, frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, terminator);
            return null;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)size);
        var line = rented.AsSpan(0, (int)size);
        TextForm.Write(line, frame.Type, bytes, frame.IsBytes, frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, []);
        var escaped = new ArrayBufferWriter<byte>(line.Length);
        escape.Write(line[..^terminator.Length], escaped);
        queue.Write(escaped.WrittenSpan);
        queue.Write(terminator);
        size = escaped.WrittenCount + terminator.Length;
        ArrayPool<byte>.Shared.Return(rented);
        return null;
    }

    private WriteCompletion AppendTextStream(OutboundQueue queue, in OutboundFrame frame, Stream stream, ReadOnlySpan<byte> id, out long size)
    {
        if (escape is not null && escape.MayBeginIn("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8))
        {
            throw new SockhopException(SockhopErrorCodes.SerializeFailed, "A stream cannot be sent as text with a terminator that base64 may contain.");
        }

        var before = TextForm.BeforeData(frame.Type) + 1;
        TextForm.WriteBeforeStream(queue.Take(before), frame.Type);
        var completion = new WriteCompletion();
        queue.Add(new OutboundSegment(new OutboundStream(stream, frame.StreamLength, isText: true), completion));
        var after = 1 + TextForm.AfterData(frame.Kind, id, terminator);
        TextForm.WriteAfterStream(queue.Take(after), frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, terminator);
        size = before + frame.StreamLength + after;
        return completion;
    }
}
