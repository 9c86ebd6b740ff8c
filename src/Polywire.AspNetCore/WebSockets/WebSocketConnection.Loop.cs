using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.AspNetCore.Connections;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Doors;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets;

/// <content>Reading: messages, and after the end until the peer has closed too.</content>
internal sealed partial class WebSocketConnection
{
    private FrameReader _frames;

    /// <summary>Lives the connection from its welcome to the end of the transport.</summary>
    public async Task RunAsync()
    {
        try
        {
            var reason = await ServeAsync();
            Outbound.Flush();
            var end = EndAsync(reason, TimeSpan.Zero);
            await DrainAsync();
            await end;
        }
        finally
        {
            _frames.Release();
            CloseInput();
        }
    }

    protected override void OnFailure(Exception exception)
    {
        base.OnFailure(exception);
        _handshake.Fail(CloseCode.InternalError);
    }

    // The client went without the handshake of its protocol, or the server closed.
    protected override CloseReason EndWaiting(in ReadResult? read, CloseReason reason)
    {
        if (read is { } unseen)
        {
            _input.AdvanceTo(unseen.Buffer.Start);
        }

        return reason == CloseReason.ClientClosed ? CloseReason.ClientReset : reason;
    }

    protected override CloseReason EndOfInput => CloseReason.ClientReset;

    protected override CloseReason? OnRead(ref ReadOnlySequence<byte> buffer)
    {
        _life = 0;
        return null;
    }

    protected override InputStep Take(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (Next(ref buffer, out var message) is { } end)
        {
            return InputStep.End(end);
        }

        if (message is null)
        {
            return InputStep.NeedMore;
        }

        return WebSocketRequests.Read(this, message);
    }

    protected override (long Held, long Begun) Pending(in ReadOnlySequence<byte> rest) =>
        (_frames.HeldBytes + rest.Length, _frames.Begun + rest.Length);

    // Frames cannot be told apart any more behind this: what still comes is let go as it comes.
    protected override void LetGo()
    {
        _handshake.Break();
        _frames.Release();
        CloseInput();
    }

    /// <summary>Takes the next message off a buffer and answers control frames on the way.</summary>
    /// <returns>Null to go on; else why the connection is to end.</returns>
    private CloseReason? Next(ref ReadOnlySequence<byte> buffer, out ParamSet? message)
    {
        Span<byte> control = stackalloc byte[FrameHeader.MaxControlBytes];
        while (true)
        {
            var result = _frames.TryRead(ref buffer, control, out var length, out message);
            if (result == FrameResult.NeedMore)
            {
                return null;
            }

            switch (result)
            {
                case FrameResult.Message:
                    return null;
                case FrameResult.Ping:
                    AddFrame(FrameWriter.Pong, control[..length]);
                    CountRequest();
                    break;
                case FrameResult.Pong:
                    CountRequest();
                    break;
                case FrameResult.Close:
                    return TakeClose(control[..length]);
                default:
                    _handshake.Break();
                    _handshake.Fail(result switch
                    {
                        FrameResult.TooBig => CloseCode.TooBig,
                        FrameResult.InvalidData => CloseCode.InvalidData,
                        _ => CloseCode.ProtocolError,
                    });
                    return CloseReason.ProtocolError;
            }
        }
    }

    private CloseReason TakeClose(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            _handshake.CloseFrameCame(CloseCode.None);
            return CloseReason.ClientClosed;
        }

        if (payload.Length == 1 || !CloseCode.IsValid(BinaryPrimitives.ReadUInt16BigEndian(payload)))
        {
            _handshake.CloseFrameCame(CloseCode.ProtocolError);
            return CloseReason.ProtocolError;
        }

        if (!Utf8.IsValid(payload[2..]))
        {
            _handshake.CloseFrameCame(CloseCode.InvalidData);
            return CloseReason.ProtocolError;
        }

        _handshake.CloseFrameCame(BinaryPrimitives.ReadUInt16BigEndian(payload));
        return CloseReason.ClientClosed;
    }

    private void AddFrame(byte first, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.MaxControlBytes + FrameWriter.MaxHeaderBytes];
        var size = FrameWriter.WriteHeader(frame, first, payload.Length);
        payload.CopyTo(frame[size..]);
        Outbound.TryAdd(frame[..(size + payload.Length)]);
    }

    // Until the peer has closed, its bytes are taken and let go, so that none of ours are lost to a reset.
    private async Task DrainAsync()
    {
        try
        {
            while (!_handshake.IsOver)
            {
                var read = await _input.ReadAsync();
                var buffer = read.Buffer;
                if (InputEnd is not null)
                {
                    LetGo();
                }

                var hasClosed = !_handshake.IsBroken && FindClose(ref buffer);
                ReportInput(_frames.HeldBytes);
                _input.AdvanceTo(_handshake.IsBroken ? buffer.End : buffer.Start, buffer.End);
                if (hasClosed || read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // It has closed in its own way.
        }
        finally
        {
            _handshake.PeerClosed();
        }
    }

    private bool FindClose(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> control = stackalloc byte[FrameHeader.MaxControlBytes];
        while (true)
        {
            var result = _frames.TryRead(ref buffer, control, out _, out var message);
            message?.Release();
            switch (result)
            {
                case FrameResult.NeedMore:
                    return false;
                case FrameResult.Close:
                    return true;
                case FrameResult.Violation or FrameResult.InvalidData or FrameResult.TooBig:
                    _handshake.Break();
                    return false;
            }
        }
    }
}
