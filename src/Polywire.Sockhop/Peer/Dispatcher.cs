using System.Text;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>From messages to whoever they are for, and the count of what cannot be read. For the reader's thread alone.</summary>
internal sealed class Dispatcher(Connection connection, Handshake handshake, Pings pings, Inbox inbox, Events events) : IMessageSink
{
    private int _errorsInARow;

    public bool TakesStreams => connection.Owner.TakesStreams;

    public void Take(in Frame frame)
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
            item = connection.Owner.Accept(connection, frame);
        }
        catch (Exception exception)
        {
            // The value does not fit the type that its handler takes, or the type's own code refused it.
            OnMisfit(exception);
            if (frame.Kind == FrameKind.Request && connection.Settings.ReplyErrors)
            {
                inbox.Post(new MisfitRequest(connection, frame, exception));
            }

            return;
        }

        if (item is not null)
        {
            _errorsInARow = 0;
            inbox.Post(item);
        }
        else if (IsReadable(frame))
        {
            _errorsInARow = 0;
        }
    }

    public ArrivingBody? OpenBody(ReadOnlySpan<byte> type, long length)
    {
        if (WireNames.Control(type) != ControlType.None || connection.Owner.FindStreamHandler(type) is not { } handler)
        {
            return null;
        }

        _errorsInARow = 0;
        var body = new ArrivingBody(connection.Bodies);
        inbox.Post(handler.CreateItem(connection, new SockhopBufferStream(Encoding.UTF8.GetString(type), length, body), size: type.Length));
        return body;
    }

    /// <summary>A message does not fit the handler it is for.</summary>
    public void OnMisfit(Exception exception) =>
        OnError(SockhopErrorCodes.DeserializeFailed, $"A message does not fit its handler: {exception.Message}", exception);

    public void OnBadMessage(string code, string text) => OnError(code, text, null);

    public void OnBroken(string code, string text) => connection.Fail(code, text);

    // Tells of an error of the peer, and ends the connection at the last of too many.
    private void OnError(string code, string text, Exception? cause)
    {
        events.PostError(new SockhopException(code, text, cause));
        var most = connection.Settings.MaxProtocolErrors;
        if (++_errorsInARow >= most)
        {
            connection.Fail(SockhopErrorCodes.TooManyErrors, $"{nameof(SockhopOptions.MaxProtocolErrors)} ({most}) errors in a row.");
        }
    }

    // Whoever reads the text notices what is wrong with it; this is for what nobody reads.
    private bool IsReadable(in Frame frame)
    {
        var json = connection.Settings.Json;
        if (frame.IsChecked || JsonText.IsValid(frame.Data, json.MaxDepth))
        {
            return true;
        }

        var reason = JsonText.IsTooDeep(frame.Data, json.MaxDepth) ? json.TooDeep : "JSON is expected";
        OnBadMessage(SockhopErrorCodes.DeserializeFailed, $"A frame with {frame.Data.Length} bytes of data cannot be read: {reason}.");
        return false;
    }

    private void TakeControl(ControlType control, in Frame frame)
    {
        switch (control)
        {
            case ControlType.Handshake:
                handshake.TakeQuestion(frame);
                break;
            case ControlType.Transition:
                connection.SwitchToBinary();
                break;
            case ControlType.Ping:
                pings.Answer(frame);
                break;
            default:
                if (Pings.TryReadId(frame, out var id) && !handshake.Switch.TakeAnswer(id))
                {
                    pings.TakeAnswer(id);
                }

                break;
        }
    }

    private void TakeResponse(in Frame frame)
    {
        var id = frame.IdIsJson ? CallbackId.Plain(frame.Id) : frame.Id;
        if (handshake.Awaits(id))
        {
            if (IsReadable(frame))
            {
                _errorsInARow = 0;
                handshake.TakeAnswer(frame);
            }
        }
        else if (connection.Requests.Take(id) is { } request)
        {
            if (request.Accept(connection, frame) || IsReadable(frame))
            {
                _errorsInARow = 0;
            }

            inbox.Post(request);
        }
        else if (IsReadable(frame))
        {
            _errorsInARow = 0;
        }
    }
}
