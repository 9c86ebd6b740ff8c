using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Unicode;
using Polywire.Doors;
using Polywire.Json;

namespace Polywire.AspNetCore.Sockets;

/// <content>Reading: lines, and what is no line of ours.</content>
internal sealed partial class SocketConnection
{
    private readonly SocketRequests _requests;
    private LineReader _lines;
    private FirstLine _firstLine;
    private bool _hasBegun;
    private bool _isForeign;

    /// <summary>Lives the connection from its welcome to its goodbye.</summary>
    public async Task RunAsync()
    {
        try
        {
            var reason = await ServeAsync();
            Outbound.Flush();

            // What was received whole is answered, running actions included, before the goodbye.
            await EndAsync(reason, reason == CloseReason.ClientClosed ? FarewellLeft() : TimeSpan.Zero);
        }
        finally
        {
            CloseInput();
        }
    }

    protected override CloseReason EndOfInput => CloseReason.ClientClosed;

    protected override CloseReason? OnRead(ref ReadOnlySequence<byte> buffer)
    {
        if (!_hasBegun && !TryBegin(ref buffer))
        {
            return null;
        }

        if (_lines.IsBreak(buffer))
        {
            return CloseReason.ClientClosed;
        }

        return !_firstLine.IsOver && IsForeign(_lines.Latest(buffer)) ? CloseReason.ProtocolError : null;
    }

    protected override InputStep Take(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (!_hasBegun && !isLast)
        {
            return InputStep.NeedMore;
        }

        var found = _lines.TryRead(ref buffer, out var line, out var length);
        if (found == LineResult.NeedMore)
        {
            return InputStep.NeedMore;
        }

        if (_firstLine.IsInPath)
        {
            // With a delimiter of the application's a page could have lines in its path.
            TellOfForeigner(FirstLineKind.Http);
            return InputStep.End(CloseReason.ProtocolError);
        }

        if (found == LineResult.Line)
        {
            return _requests.Read(IsValid(line) ? line : Repair(line));
        }

        _requests.AnswerTooLong(found == LineResult.TooLong ? _services.Rules.MaxDataLength : _services.Rules.MaxLineBytes, length);
        return found == LineResult.CeilingHit ? InputStep.End(CloseReason.ProtocolError) : InputStep.Done;
    }

    protected override (long Held, long Begun) Pending(in ReadOnlySequence<byte> rest) =>
        (rest.Length, _hasBegun ? _lines.Begun : rest.Length);

    // Half a file cannot be followed by a goodbye: the client counts bytes.
    protected override CloseReason EndWaiting(in ReadResult? read, CloseReason reason)
    {
        if (reason == CloseReason.ClientClosed && (Session.IsSendingFile || Session.PendingFile is not null))
        {
            Outbound.Abort();
        }

        return reason;
    }

    // A break counts as the client's end: what came before it is answered first.
    protected override ReadResult OnReadAhead(in ReadResult read, long known) =>
        LineProtocol.IsBreak(read.Buffer.Slice(known))
            ? new ReadResult(read.Buffer.Slice(0, known), isCanceled: false, isCompleted: true)
            : read;

    protected override void WriteGoodbye(ResponseBuffer buffer, CloseReason reason)
    {
        // Nothing that a web page could read.
        if (_isForeign)
        {
            return;
        }

        if (reason == CloseReason.ServerClosed && CloseText is { } text)
        {
            _services.Protocol.WriteGoodbye(buffer, text, CloseStatus!.Value);
            return;
        }

        if (reason is CloseReason.InputBudget or CloseReason.MessageTimeout)
        {
            JsonLineProtocol.WriteEnd(buffer, reason == CloseReason.InputBudget ? Services.Texts.TooMuchInput : Services.Texts.MessageStalled);
        }

        base.WriteGoodbye(buffer, reason);
    }

    // Passes over a byte order mark, as writers of text put it before everything. False where only a part of it has come.
    private bool TryBegin(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[3];
        start = start[..(int)Math.Min(start.Length, buffer.Length)];
        buffer.Slice(0, start.Length).CopyTo(start);
        if (!"\uFEFF"u8.StartsWith(start))
        {
            return _hasBegun = true;
        }

        if (start.Length < 3)
        {
            return false;
        }

        buffer = buffer.Slice(start.Length);
        return _hasBegun = true;
    }

    private bool IsForeign(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (_firstLine.Look(segment.Span) is var kind and (FirstLineKind.Http or FirstLineKind.Tls))
            {
                TellOfForeigner(kind);
                return true;
            }
        }

        return false;
    }

    private void TellOfForeigner(FirstLineKind kind)
    {
        _isForeign = true;
        _services.Foreigners.Tell("socket server", RemoteIP, kind);
    }

    private static bool IsValid(in ReadOnlySequence<byte> line) => line.IsSingleSegment && Utf8.IsValid(line.FirstSpan);

    // Several segments are joined on this path too, because a character may lie across two of them.
    private static ReadOnlySequence<byte> Repair(in ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        return new ReadOnlySequence<byte>(Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
    }
}
