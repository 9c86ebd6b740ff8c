using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>From messages to whoever they are for; the reader's thread only.</content>
internal sealed partial class Connection
{
    private void Take(in Frame frame)
    {
        var control = WireNames.Control(frame.Type);
        if (control != ControlType.None)
        {
            if (IsReadable(frame))
            {
                _errorsInARow = 0;
                TakeControl(control, frame);
            }

            return;
        }

        if (frame.Kind == FrameKind.Response)
        {
            TakeResponse(frame);
            return;
        }

        WorkItem? item;
        try
        {
            item = Owner.Accept(this, frame);
        }
        catch (Exception exception)
        {
            // The value does not fit the type that its handler takes, or the type's own code refused it.
            ReportError(SockhopErrorCodes.DeserializeFailed, $"A message does not fit its handler: {exception.Message}", exception);
            if (frame.Kind == FrameKind.Request && _settings.ReplyErrors)
            {
                _inbox.Post(new MisfitRequest(this, frame, exception));
            }

            return;
        }

        if (item is not null)
        {
            _errorsInARow = 0;
            _inbox.Post(item);
        }
        else if (IsReadable(frame))
        {
            _errorsInARow = 0;
        }
    }

    // Whoever reads the text notices what is wrong with it; this is for what nobody reads.
    private bool IsReadable(in Frame frame)
    {
        if (frame.IsChecked || JsonText.IsValid(frame.Data, _settings.Json.MaxDepth))
        {
            return true;
        }

        var reason = JsonText.IsTooDeep(frame.Data, _settings.Json.MaxDepth) ? _settings.Json.TooDeep : "JSON is expected";
        ReportError(SockhopErrorCodes.DeserializeFailed, $"A frame with {frame.Data.Length} bytes of data cannot be read: {reason}.");
        return false;
    }

    private void TakeControl(ControlType control, in Frame frame)
    {
        switch (control)
        {
            case ControlType.Handshake:
                TakeHandshake(frame);
                break;
            case ControlType.Transition:
                TakeTransition();
                break;
            case ControlType.Ping:
                TakePing(frame);
                break;
            default:
                TakePong(frame);
                break;
        }
    }

    private void TakeResponse(in Frame frame)
    {
        var id = frame.IdIsJson ? CallbackId.Plain(frame.Id) : frame.Id;
        if (_handshakeId is { } handshake && id.SequenceEqual(handshake))
        {
            if (IsReadable(frame))
            {
                _errorsInARow = 0;
                _handshakeId = null;
                TakeHandshakeAnswer(frame);
            }
        }
        else if (Requests.Take(id) is { } request)
        {
            if (request.Accept(this, frame) || IsReadable(frame))
            {
                _errorsInARow = 0;
            }

            _inbox.Post(request);
        }
        else if (IsReadable(frame))
        {
            _errorsInARow = 0;
        }
    }

    private void TakeTransition()
    {
        if (!_rxBinary)
        {
            lock (_gate)
            {
                if (IsClosed)
                {
                    return;
                }

                _rxBinary = true;
            }

            PostBinaryMode(receiving: true);
        }
    }
}
