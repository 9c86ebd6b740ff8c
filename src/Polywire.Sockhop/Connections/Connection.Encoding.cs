using System.Buffers;
using System.Buffers.Text;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>The two forms of a message; under the gate.</content>
internal sealed partial class Connection
{
    // Below this, copying a buffer costs less than waiting until it is written.
    private const int LeastUncopied = 16 << 10;
    private const int StreamPiece = 96 << 10;

    /// <summary>Whether bytes are written from where they are rather than copied.</summary>
    public static bool IsWrittenInPlace(long length) => length > LeastUncopied;

    public static SockhopException NeedsBinaryMode() => new(
        SockhopErrorCodes.TypedBufferNeedsBinaryMode, "A typed buffer can be sent only once what is sent is in binary mode.");

    // What it takes of the queue, but for its frame; as base64, a buffer takes a third more.
    private long QueuedLength(in OutboundFrame frame) =>
        frame.IsBytes && frame.Stream is null && !_txBinary ? TextForm.Base64Length(frame.DataLength) : frame.DataLength;

    private WriteCompletion? Append(OutboundQueue queue, in OutboundFrame frame)
    {
        CheckForm(frame);
        return _txBinary ? AppendBinary(queue, frame) : AppendText(queue, frame);
    }

    /// <summary>Throws for what cannot be written in the mode now in force.</summary>
    private void CheckForm(in OutboundFrame frame)
    {
        if (!_txBinary)
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

    private WriteCompletion? AppendBinary(OutboundQueue queue, in OutboundFrame frame)
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
        _queued += prefix + frame.DataLength + idLength;
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
            ? new OutboundSegment(new OutboundStream(stream, frame.StreamLength, IsText: false), completion)
            : new OutboundSegment(frame.Bytes, completion));
        if (idLength > 0)
        {
            BinaryProtocol.WriteId(queue.Take(idLength), id);
        }

        return completion;
    }

    private WriteCompletion? AppendText(OutboundQueue queue, in OutboundFrame frame)
    {
        var id = frame.Kind == FrameKind.Message ? default
            : frame.IdIsJson ? frame.Id
            : frame.Kind == FrameKind.Response ? CallbackId.Token(frame.Id) : frame.Id;
        if (frame.Stream is { } stream)
        {
            return AppendTextStream(queue, frame, stream, id);
        }

        var bytes = frame.Bytes.IsEmpty ? frame.Data : frame.Bytes.Span;
        var dataLength = frame.IsBytes ? TextForm.Base64Length(bytes.Length) + 2 : bytes.Length;
        var size = TextForm.BeforeData(frame.Type) + dataLength + TextForm.AfterData(frame.Kind, id, _settings.TransmitTerminator);
        if (size > Array.MaxLength)
        {
            throw new SockhopException(
                SockhopErrorCodes.MessageTooLarge, $"The message has {size} bytes in text mode; {Array.MaxLength} can be sent from memory, more from a stream.");
        }

        if (_settings.Escape is null)
        {
            TextForm.Write(queue.Take((int)size), frame.Type, bytes, frame.IsBytes, frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, _settings.TransmitTerminator);
            _queued += size;
            return null;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)size);
        var line = rented.AsSpan(0, (int)size);
        TextForm.Write(line, frame.Type, bytes, frame.IsBytes, frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, []);
        var escaped = new ArrayBufferWriter<byte>(line.Length);
        _settings.Escape.Write(line[..^_settings.TransmitTerminator.Length], escaped);
        queue.Write(escaped.WrittenSpan);
        queue.Write(_settings.TransmitTerminator);
        _queued += escaped.WrittenCount + _settings.TransmitTerminator.Length;
        ArrayPool<byte>.Shared.Return(rented);
        return null;
    }

    private WriteCompletion AppendTextStream(OutboundQueue queue, in OutboundFrame frame, Stream stream, ReadOnlySpan<byte> id)
    {
        if (_settings.Escape is { } escape && escape.MayBeginIn("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8))
        {
            throw new SockhopException(SockhopErrorCodes.SerializeFailed, "A stream cannot be sent as text with a terminator that base64 may contain.");
        }

        var before = TextForm.BeforeData(frame.Type) + 1;
        TextForm.WriteBeforeStream(queue.Take(before), frame.Type);
        var completion = new WriteCompletion();
        queue.Add(new OutboundSegment(new OutboundStream(stream, frame.StreamLength, IsText: true), completion));
        var after = 1 + TextForm.AfterData(frame.Kind, id, _settings.TransmitTerminator);
        TextForm.WriteAfterStream(queue.Take(after), frame.Kind, id, !frame.IdIsJson && frame.Kind == FrameKind.Request, _settings.TransmitTerminator);
        _queued += before + frame.StreamLength + after;
        return completion;
    }

    // A frame that has begun must be finished: a stream that fails, or ends too early, takes the connection with it.
    private async ValueTask SendStreamAsync(OutboundStream stream)
    {
        var piece = ArrayPool<byte>.Shared.Rent(StreamPiece);
        var text = stream.IsText ? ArrayPool<byte>.Shared.Rent((int)TextForm.Base64Length(StreamPiece)) : null;
        try
        {
            for (long left = stream.Length; left > 0;)
            {
                // Whole groups of three, so that the pieces' base64 is that of the whole.
                var count = (int)Math.Min(left, StreamPiece);
                await stream.Source.ReadExactlyAsync(piece.AsMemory(0, count), Ended).ConfigureAwait(false);
                left -= count;
                if (text is null)
                {
                    await _wire.SendAsync(piece.AsMemory(0, count), default).ConfigureAwait(false);
                }
                else
                {
                    Base64.EncodeToUtf8(piece.AsSpan(0, count), text, out _, out var written);
                    await _wire.SendAsync(text.AsMemory(0, written), default).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            if (text is not null)
            {
                ArrayPool<byte>.Shared.Return(text);
            }
        }
    }
}
