using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Connections;

namespace Polywire.AspNetCore.Sockets;

internal sealed partial class SocketConnection
{
    // Lines that one connection may have executed before others get their turn: some 100 µs of small actions. With one connection that
    // pipelines without end among fifty that ask now and then, the fifty's p50 and p99.9 stayed, their p99 tripled to 3.7 ms (Polywire.Load greedy).
    private const int LinesPerTurn = 64;

    // What counts as much as a line, so that bytes without lines have a turn too.
    private const int BytesPerLine = 4 * 1024;

    private readonly SocketRequests _requests;
    private LineReader _lines;
    private int _turn;

    /// <summary>Lives the connection from its welcome to its goodbye.</summary>
    public async Task RunAsync()
    {
        CloseReason reason;
        try
        {
            reason = await OpenAsync() ?? await ReadAsync();
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException)
        {
            reason = CloseReason.ClientReset;
        }
        catch (Exception exception)
        {
            // A fault of ours: it costs this connection, and nobody else anything.
            LogFailure(exception);
            reason = CloseReason.ServerClosed;
        }

        Outbound.Flush();

        // What was received whole is answered, running actions included, before the goodbye.
        await EndAsync(reason, reason == CloseReason.ClientClosed ? FarewellLeft() : TimeSpan.Zero);
        ReplaceSticky(null);
    }

    // Answers with the reason where the connection ends before its loop begins.
    private async ValueTask<CloseReason?> OpenAsync()
    {
        var (read, end) = await WelcomeAsync();
        return end ?? (read is { } first ? await HandleAsync(first) : null);
    }

    private async Task<CloseReason> ReadAsync()
    {
        while (true)
        {
            var read = _transport.Transport.Input.ReadAsync();
            if (!read.IsCompleted)
            {
                _turn = 0;
            }

            if (await HandleAsync(await read) is { } end)
            {
                return end;
            }

            if (_turn >= LinesPerTurn)
            {
                // A peer that sends without pause would keep this thread from everybody else.
                _turn = 0;
                await Task.Yield();
            }
        }
    }

    // Apart from the wait for bytes, so that an idle connection keeps none of what a busy one needs.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CloseReason?> HandleAsync(ReadResult read)
    {
        var buffer = read.Buffer;
        if (IsClosed)
        {
            return CloseReason.ServerClosed;
        }

        if (_lines.IsBreak(buffer))
        {
            return CloseReason.ClientClosed;
        }

        _turn += (int)Math.Min(buffer.Length / BytesPerLine, LinesPerTurn);
        LineResult found;
        while ((found = _lines.TryRead(ref buffer, out var line, out var length)) != LineResult.NeedMore)
        {
            if (found != LineResult.Line)
            {
                _requests.HandleTooLong(found == LineResult.TooLong ? _services.Rules.MaxDataLength : _services.Rules.MaxLineBytes, length);
                if (found == LineResult.CeilingHit)
                {
                    return CloseReason.ProtocolError;
                }

                _turn++;
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

            if (++_turn >= LinesPerTurn)
            {
                _turn = 0;
                Outbound.Flush();
                await Task.Yield();
            }

            if (IsClosed)
            {
                return CloseReason.ServerClosed;
            }
        }

        Outbound.Flush();
        _transport.Transport.Input.AdvanceTo(buffer.Start, buffer.End);
        return read.IsCompleted ? CloseReason.ClientClosed : null;
    }

    private static bool IsValid(in ReadOnlySequence<byte> line) => line.IsSingleSegment && Utf8.IsValid(line.FirstSpan);

    // Several segments are joined on this path too, because a character may lie across two of them.
    private static ReadOnlySequence<byte> Repair(in ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        return new ReadOnlySequence<byte>(Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
    }
}
