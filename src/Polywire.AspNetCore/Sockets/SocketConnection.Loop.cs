using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Polywire.AspNetCore.Sockets;

internal sealed partial class SocketConnection
{
    private readonly SocketRequests _requests;
    private LineReader _lines;

    /// <summary>Lives the connection from its welcome to its goodbye.</summary>
    public async Task RunAsync()
    {
        var reason = await ServeAsync();
        Outbound.Flush();

        // What was received whole is answered, running actions included, before the goodbye.
        await EndAsync(reason, reason == CloseReason.ClientClosed ? FarewellLeft() : TimeSpan.Zero);
        ReplaceSticky(null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<CloseReason?> HandleAsync(ReadResult read)
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

        CountBytes(buffer.Length);
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
