using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Polywire.Doors;
using Polywire.Json;

namespace Polywire.AspNetCore.Sockets;

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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<CloseReason?> HandleAsync(ReadResult read)
    {
        var buffer = read.Buffer;
        ResumeInput();
        if (InputEnd is { } inputEnd)
        {
            Input.AdvanceTo(buffer.End);
            CloseInput();
            return inputEnd;
        }

        if (IsClosed)
        {
            return CloseReason.ServerClosed;
        }

        if (!_hasBegun && !TryBegin(ref buffer) && !read.IsCompleted)
        {
            AwaitInput(buffer.Length, buffer.Length, isNew: false);
            _transport.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
            return null;
        }

        if (_lines.IsBreak(buffer))
        {
            return CloseReason.ClientClosed;
        }

        if (!_firstLine.IsOver && IsForeign(_lines.Latest(buffer)))
        {
            return CloseReason.ProtocolError;
        }

        CountBytes(buffer.Length);
        LineResult found;
        var lines = 0;
        while ((found = _lines.TryRead(ref buffer, out var line, out var length)) != LineResult.NeedMore)
        {
            lines++;
            if (_firstLine.IsInPath)
            {
                // With a delimiter of the application's a page could have lines in its path.
                TellOfForeigner(FirstLineKind.Http);
                return CloseReason.ProtocolError;
            }

            if (found != LineResult.Line)
            {
                _requests.HandleTooLong(found == LineResult.TooLong ? _services.Rules.MaxDataLength : _services.Rules.MaxLineBytes, length);
                if (found == LineResult.CeilingHit)
                {
                    return CloseReason.ProtocolError;
                }

                CountRequest();
                continue;
            }

            var handled = _requests.HandleAsync(IsValid(line) ? line : Repair(line));
            bool goesOn;
            if (handled.IsCompletedSuccessfully)
            {
                goesOn = handled.Result;
            }
            else
            {
                var work = handled.AsTask();
                var (next, end) = await WaitAsync(work, new ReadResult(buffer, isCanceled: false, read.IsCompleted));
                if (end is not null)
                {
                    return Leave(end, _requests.IsSendingFile);
                }

                read = next!.Value;
                buffer = read.Buffer;
                goesOn = await work;
            }

            if (!goesOn)
            {
                return CloseReason.ClientClosed;
            }

            if (Session.PendingFile is { } file)
            {
                var (next, end) = await WaitAsync(file, new ReadResult(buffer, isCanceled: false, read.IsCompleted));
                if (end is not null)
                {
                    return Leave(end, isSendingFile: true);
                }

                read = next!.Value;
                buffer = read.Buffer;
            }

            CountRequest();
            if (IsTurnOver())
            {
                Outbound.Flush();
                await Task.Yield();
            }

            if (IsClosed)
            {
                return CloseReason.ServerClosed;
            }
        }

        Outbound.Flush();
        AwaitInput(buffer.Length, _lines.Begun, isNew: lines > 0);
        _transport.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
        return read.IsCompleted ? CloseReason.ClientClosed : null;
    }

    protected override void WriteGoodbye(ResponseBuffer buffer, CloseReason reason)
    {
        // Nothing that a web page could read.
        if (_isForeign)
        {
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
