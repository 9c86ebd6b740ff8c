using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>From bytes to messages; the reader's thread only.</content>
internal sealed partial class Connection
{
    private bool _rxBinary;

    // Where in the block the line or body begins that is being looked at.
    private int _frameStart;

    /// <summary>Keeps a message's bytes where they are, if that holds up no more memory than they are worth.</summary>
    /// <param name="frame">The message, which is being looked at.</param>
    /// <param name="bytes">Its bytes, good until <paramref name="block"/> is released.</param>
    /// <param name="block">What they lie in; null where <paramref name="bytes"/> is a copy.</param>
    public void Keep(in Frame frame, out ReadOnlyMemory<byte> bytes, out ReceiveBlock? block)
    {
        if (frame.DataOffset >= 0 && frame.Data.Length >= SmallBlock && frame.Data.Length >= _block.Array.Length / 4)
        {
            block = _block;
            block.Retain();
            bytes = block.Array.AsMemory(_frameStart + frame.DataOffset, frame.Data.Length);
            return;
        }

        block = null;
        bytes = frame.Data.ToArray();
    }

    private void Parse()
    {
        while (!IsDeaf && (_rxBinary ? ParseFrame() : ParseLine()))
        {
            _taken++;
        }
    }

    private bool ParseLine()
    {
        var terminator = _settings.ReceiveTerminator;
        var from = Math.Max(_start, _scanned - (terminator.Length - 1));
        var unseen = _block.Array.AsSpan(from, _end - from);
        var found = terminator.Length == 1 ? unseen.IndexOf(terminator[0]) : unseen.IndexOf(terminator);
        var length = (found < 0 ? Math.Max(0, _end - (terminator.Length - 1)) : from + found) - _start;
        if (length > _settings.MaxMessageSize)
        {
            FailTooLarge(length);
            return false;
        }

        if (found < 0)
        {
            _scanned = _end;
            _needed = 0;
            return false;
        }

        _frameStart = _start;
        _start += length + terminator.Length;
        _scanned = _start;
        Remember(length);
        TakeLine(_block.Array.AsSpan(_frameStart, length));
        return true;
    }

    private void TakeLine(Span<byte> line)
    {
        if (TextProtocol.TryParse(line, _settings.Json.MaxDepth, out var frame))
        {
            Take(frame);
        }
        else
        {
            TakeBadLine(JsonText.Sanitize(line));
        }
    }

    private void TakeBadLine(Span<byte> line)
    {
        if (_settings.AllowNonObjects && !JsonText.IsValid(line, JsonText.AnyDepth))
        {
            Take(new Frame
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
        var reason = JsonText.IsTooDeep(line, _settings.Json.MaxDepth + 1) ? _settings.Json.TooDeep : "a JSON object is expected";
        ReportError(SockhopErrorCodes.BadBufferData, $"A line of {line.Length} bytes is no message: {reason}.");
    }

    private bool ParseFrame()
    {
        if (IsWithinBody)
        {
            return ParseBody();
        }

        var length = _end - _start;
        if (length < BinaryProtocol.HeaderLength)
        {
            _needed = BinaryProtocol.HeaderLength;
            return false;
        }

        var header = _block.Array.AsSpan(_start, BinaryProtocol.HeaderLength);
        if (header.SequenceEqual(BinaryProtocol.StrayText))
        {
            return ParseLine();
        }

        var bodyLength = BinaryProtocol.BodyLength(header);
        if (bodyLength > UsualBlock && Owner.TakesStreams)
        {
            if (TryBeginBody(bodyLength, out var isMore))
            {
                return ParseBody();
            }

            if (isMore)
            {
                return false;
            }
        }

        if (bodyLength > (uint)_settings.MaxMessageSize)
        {
            FailTooLarge(bodyLength);
            return false;
        }

        var frameLength = BinaryProtocol.HeaderLength + (int)bodyLength;
        if (length < frameLength)
        {
            _needed = frameLength;
            return false;
        }

        _needed = 0;
        var messageId = header[4];
        _frameStart = _start + BinaryProtocol.HeaderLength;
        _start += frameLength;
        _scanned = _start;
        Remember(frameLength);
        TakeBody(messageId, _block.Array.AsSpan(_frameStart, (int)bodyLength));
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
            Take(frame);
        }
        else
        {
            ReportError(error, $"A frame of {body.Length} bytes with message id {messageId} cannot be read.");
        }
    }

    private void FailTooLarge(long length) => Fail(
        SockhopErrorCodes.MessageTooLarge,
        $"A message of {length} bytes or more: {nameof(SockhopOptions.MaxMessageSize)} is {_settings.MaxMessageSize}.");
}
