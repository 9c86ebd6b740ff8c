using System.Text;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>Buffers that a handler reads while they arrive; the reader's thread only.</content>
internal sealed partial class Connection
{
    // What goes on arriving, how much of it is to come, and what follows it in its frame.
    private ArrivingBody? _body;
    private long _bodyLeft;
    private long _surplus;

    // Of all of them, also of those that have come whole and wait for their handler.
    private long _unread;

    private bool IsWithinBody => _body is not null || _surplus > 0;

    /// <summary>Notes how much more, or less, waits to be read; any thread.</summary>
    public void CountUnread(long bytes)
    {
        var unread = Interlocked.Add(ref _unread, bytes);
        if (bytes < 0)
        {
            SettleInput();
        }

        if (unread <= _settings.ReceiveQueueLimit && unread - bytes > _settings.ReceiveQueueLimit)
        {
            ResumeReading();
        }
    }

    /// <summary>Begins to hand over a frame's bytes as they come, if a handler wishes it so.</summary>
    /// <param name="bodyLength">What the header said.</param>
    /// <param name="isMore">Whether that cannot be told before more has come.</param>
    /// <returns>Whether the frame has begun.</returns>
    private bool TryBeginBody(long bodyLength, out bool isMore)
    {
        isMore = false;
        var there = _block.Array.AsSpan(_start, _end - _start);
        if (!BinaryProtocol.TryReadBufferPrefix(there, out var type, out var dataLength, out var prefixLength))
        {
            _needed = prefixLength;
            isMore = prefixLength > there.Length;
            return false;
        }

        var surplus = bodyLength - (prefixLength - BinaryProtocol.HeaderLength) - dataLength;
        if (surplus < 0 || WireNames.Control(type) != ControlType.None || Owner.FindStreamHandler(type) is not { } handler)
        {
            return false;
        }

        _errorsInARow = 0;
        _body = new ArrivingBody(this);
        (_bodyLeft, _surplus) = (dataLength, surplus);
        _inbox.Post(handler.CreateItem(this, new SockhopBufferStream(Encoding.UTF8.GetString(type), dataLength, _body), size: type.Length));
        _start += prefixLength;
        _needed = 0;
        return true;
    }

    /// <returns>Whether the frame has ended.</returns>
    private bool ParseBody()
    {
        if (_body is { } body)
        {
            var count = (int)Math.Min(_end - _start, _bodyLeft);
            body.Write(_block.Array.AsSpan(_start, count));
            _start += count;
            _bodyLeft -= count;
            if (_bodyLeft == 0)
            {
                body.Complete();
                _body = null;
            }
        }

        if (_body is null)
        {
            var skipped = (int)Math.Min(_end - _start, _surplus);
            _start += skipped;
            _surplus -= skipped;
        }

        _scanned = _start;
        return !IsWithinBody;
    }

    private void EndBody()
    {
        if (_body is { } body)
        {
            _body = null;
            body.Complete(new SockhopException(
                SockhopErrorCodes.SocketDestroyed, $"The connection ended within a buffer, {_bodyLeft} bytes before its end.", _closeError));
        }
    }
}
