using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Connections;

namespace Polywire.AspNetCore.Sockets;

internal sealed partial class SocketConnection
{
    // Lines that one connection may have executed before others get their turn: some 100 µs of small actions. Measured with
    // Polywire.Load greedy: fewer cost throughput at depth 16, more show in the others' p99.9.
    private const int LinesPerTurn = 64;

    /// <summary>Lives the connection from its welcome to its goodbye.</summary>
    public async Task RunAsync()
    {
        var reason = CloseReason.Refused;
        if (await Services.Lifetime.OpenAsync(this, _transport.ConnectionClosed))
        {
            Say(static (protocol, buffer) => protocol.WriteWelcome(buffer));
            Outbound.Flush();

            // Either the one who stops finds us registered, or we see that it does.
            Interlocked.MemoryBarrier();
            if (_services.IsStopping)
            {
                _ = BeginStopAsync(Services.FarewellLimit);
            }

            reason = await ReadAsync();
        }

        // What was received whole is answered, running actions included, before the goodbye.
        await EndAsync(reason, reason == CloseReason.ClientClosed ? Services.FarewellLimit : TimeSpan.Zero);
        ReplaceSticky(null);
    }

    private async Task<CloseReason> ReadAsync()
    {
        var input = _transport.Transport.Input;
        var requests = new SocketRequests(this, _services);
        var lines = new LineReader(_services.Rules);
        var turn = 0;
        try
        {
            while (true)
            {
                var read = input.ReadAsync();
                turn = read.IsCompleted ? turn : 0;
                var result = await read;
                var buffer = result.Buffer;
                if (IsClosed)
                {
                    return CloseReason.ServerClosed;
                }

                if (lines.IsBreak(buffer))
                {
                    return CloseReason.ClientClosed;
                }

                LineResult found;
                while ((found = lines.TryRead(ref buffer, out var line, out var length)) != LineResult.NeedMore)
                {
                    if (found != LineResult.Line)
                    {
                        requests.HandleTooLong(found == LineResult.TooLong ? _services.Rules.MaxDataLength : _services.Rules.MaxLineBytes, length);
                        if (found == LineResult.CeilingHit)
                        {
                            return CloseReason.ProtocolError;
                        }

                        continue;
                    }

                    var handled = requests.HandleAsync(IsValid(line) ? line : Repair(line));
                    if (!handled.IsCompletedSuccessfully)
                    {
                        Outbound.Flush();
                    }

                    if (!await handled)
                    {
                        return CloseReason.ClientClosed;
                    }

                    if (Session.PendingFile is { } file)
                    {
                        Outbound.Flush();
                        await file;
                    }

                    if (++turn >= LinesPerTurn)
                    {
                        turn = 0;
                        Outbound.Flush();
                        await Task.Yield();
                    }

                    if (IsClosed)
                    {
                        return CloseReason.ServerClosed;
                    }
                }

                Outbound.Flush();
                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return CloseReason.ClientClosed;
                }
            }
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException)
        {
            return CloseReason.ClientReset;
        }
        catch (Exception exception)
        {
            // A fault of ours: it costs this connection, and nobody else anything.
            LogFailure(exception);
            return CloseReason.ServerClosed;
        }
        finally
        {
            Outbound.Flush();
        }
    }

    private static bool IsValid(in ReadOnlySequence<byte> line) => line.IsSingleSegment && Utf8.IsValid(line.FirstSpan);

    // Several segments are joined on this path too, because a character may lie across two of them.
    private static ReadOnlySequence<byte> Repair(in ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        return new ReadOnlySequence<byte>(Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
    }
}
