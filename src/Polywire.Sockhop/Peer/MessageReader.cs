using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>From received bytes to messages, as text and as binary, and to streams. For the reader alone.</summary>
/// <remarks>The switch to binary is obeyed between two messages, wherever the reads end.</remarks>
internal sealed class MessageReader(ReceiveBuffer buffer, ConnectionSettings settings, Life life, IMessageSink sink)
{
    // Where in the block the line or body begins that is being looked at.
    private int _frameStart;

    // What goes on arriving, how much of it is to come, and what follows it in its frame.
    private ArrivingBody? _body;
    private long _bodyLeft;
    private long _surplus;

    /// <summary>Whether what comes is binary.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Counts the messages, so that another one can be told from the same.</summary>
    public uint Taken { get; private set; }

    /// <summary>Whether a buffer goes on arriving that is read as a stream.</summary>
    public bool IsWithinBody => _body is not null || _surplus > 0;

    /// <summary>How much of that is to come.</summary>
    public long MissingOfBody => _bodyLeft + _surplus;

    /// <summary>Keeps a message's bytes where they are, if that holds up no more memory than they are worth.</summary>
    /// <param name="frame">The message, which is being looked at.</param>
    /// <param name="bytes">Its bytes, good until <paramref name="block"/> is released.</param>
    /// <param name="block">What they lie in; null where <paramref name="bytes"/> is a copy.</param>
    public void Keep(in Frame frame, out ReadOnlyMemory<byte> bytes, out ReceiveBlock? block)
    {
        if (frame.DataOffset >= 0 && frame.Data.Length >= ReceiveBuffer.SmallBlock && frame.Data.Length >= buffer.Size / 4)
        {
            bytes = buffer.Share(_frameStart + frame.DataOffset, frame.Data.Length, out block);
            return;
        }

        block = null;
        bytes = frame.Data.ToArray();
    }

    /// <summary>Takes everything that is whole.</summary>
    public void Parse()
    {
        while (!life.IsDeaf && (IsBinary ? ParseFrame() : ParseLine()))
        {
            Taken++;
        }
    }

    /// <summary>Ends the stream that is arriving, since nothing more comes.</summary>
    /// <param name="cause">Why.</param>
    public void EndBody(Exception? cause)
    {
        if (_body is { } body)
        {
            _body = null;
            body.Complete(new SockhopException(
                SockhopErrorCodes.SocketDestroyed, $"The connection ended within a buffer, {_bodyLeft} bytes before its end.", cause));
        }
    }

    private bool ParseLine()
    {
        var terminator = settings.ReceiveTerminator;
        var unread = buffer.Unread;
        var from = Math.Max(0, buffer.Scanned - (terminator.Length - 1));
        var unseen = unread[from..];
        var found = terminator.Length == 1 ? unseen.IndexOf(terminator[0]) : unseen.IndexOf(terminator);
        var length = found < 0 ? Math.Max(0, unread.Length - (terminator.Length - 1)) : from + found;
        if (length > settings.MaxMessageSize)
        {
            FailTooLarge(length);
            return false;
        }

        if (found < 0)
        {
            buffer.Scanned = unread.Length;
            buffer.Needed = 0;
            return false;
        }

        _frameStart = buffer.Take(length + terminator.Length);
        buffer.Remember(length);
        TakeLine(unread[..length]);
        return true;
    }

    private void TakeLine(Span<byte> line)
    {
        if (TextProtocol.TryParse(line, settings.Json.MaxDepth, out var frame))
        {
            sink.Take(frame);
        }
        else
        {
            TakeBadLine(JsonText.Sanitize(line));
        }
    }

    private void TakeBadLine(Span<byte> line)
    {
        if (settings.AllowNonObjects && !JsonText.IsValid(line, JsonText.AnyDepth))
        {
            sink.Take(new Frame
            {
                Type = "String"u8,
                IsChecked = true,
                HasData = true,
                Data = CallbackId.Token(line),
                DataOffset = Frame.Elsewhere,
            });
            return;
        }

        // One level more for the object around the data.
        var reason = JsonText.IsTooDeep(line, settings.Json.MaxDepth + 1) ? settings.Json.TooDeep : "a JSON object is expected";
        sink.OnBadMessage(SockhopErrorCodes.BadBufferData, $"A line of {line.Length} bytes is no message: {reason}.");
    }

    private bool ParseFrame()
    {
        if (IsWithinBody)
        {
            return ParseBody();
        }

        var unread = buffer.Unread;
        if (unread.Length < BinaryProtocol.HeaderLength)
        {
            buffer.Needed = BinaryProtocol.HeaderLength;
            return false;
        }

        var header = unread[..BinaryProtocol.HeaderLength];
        if (header.SequenceEqual(BinaryProtocol.StrayText))
        {
            return ParseLine();
        }

        var bodyLength = BinaryProtocol.BodyLength(header);
        if (bodyLength > ReceiveBuffer.UsualBlock && sink.TakesStreams)
        {
            if (TryBeginBody(unread, bodyLength, out var isMore))
            {
                return ParseBody();
            }

            if (isMore)
            {
                return false;
            }
        }

        if (bodyLength > (uint)settings.MaxMessageSize)
        {
            FailTooLarge(bodyLength);
            return false;
        }

        var frameLength = BinaryProtocol.HeaderLength + (int)bodyLength;
        if (unread.Length < frameLength)
        {
            buffer.Needed = frameLength;
            return false;
        }

        buffer.Needed = 0;
        var messageId = header[4];
        _frameStart = buffer.Take(frameLength) + BinaryProtocol.HeaderLength;
        buffer.Remember(frameLength);
        TakeBody(messageId, unread[BinaryProtocol.HeaderLength..frameLength]);
        return true;
    }

    private void TakeBody(byte messageId, Span<byte> body)
    {
        var error = BinaryProtocol.Parse(messageId, body, out var frame);
        if (error is null && !frame.IsBytes)
        {
            var json = JsonText.Sanitize(frame.Data);
            frame.DataOffset = json == frame.Data ? frame.DataOffset : Frame.Elsewhere;
            frame.Data = json;
        }

        if (error is null)
        {
            sink.Take(frame);
        }
        else
        {
            sink.OnBadMessage(error, $"A frame of {body.Length} bytes with message id {messageId} cannot be read.");
        }
    }

    /// <summary>Begins to hand over a frame's bytes as they come, if somebody wishes it so.</summary>
    /// <param name="there">What has come.</param>
    /// <param name="bodyLength">What the header said.</param>
    /// <param name="isMore">Whether that cannot be told before more has come.</param>
    /// <returns>Whether the frame has begun.</returns>
    private bool TryBeginBody(ReadOnlySpan<byte> there, long bodyLength, out bool isMore)
    {
        isMore = false;
        if (!BinaryProtocol.TryReadBufferPrefix(there, out var type, out var dataLength, out var prefixLength))
        {
            buffer.Needed = prefixLength;
            isMore = prefixLength > there.Length;
            return false;
        }

        var surplus = bodyLength - (prefixLength - BinaryProtocol.HeaderLength) - dataLength;
        if (surplus < 0 || sink.OpenBody(type, dataLength) is not { } body)
        {
            return false;
        }

        (_body, _bodyLeft, _surplus) = (body, dataLength, surplus);
        buffer.Take(prefixLength);
        buffer.Needed = 0;
        return true;
    }

    /// <returns>Whether the frame has ended.</returns>
    private bool ParseBody()
    {
        if (_body is { } body)
        {
            var count = (int)Math.Min(buffer.Length, _bodyLeft);
            body.Write(buffer.Unread[..count]);
            buffer.Take(count);
            _bodyLeft -= count;
            if (_bodyLeft == 0)
            {
                body.Complete();
                _body = null;
            }
        }

        if (_body is null)
        {
            var skipped = (int)Math.Min(buffer.Length, _surplus);
            buffer.Take(skipped);
            _surplus -= skipped;
        }

        return !IsWithinBody;
    }

    private void FailTooLarge(long length) => sink.OnBroken(
        SockhopErrorCodes.MessageTooLarge,
        $"A message of {length} bytes or more: {nameof(SockhopOptions.MaxMessageSize)} is {settings.MaxMessageSize}.");
}
