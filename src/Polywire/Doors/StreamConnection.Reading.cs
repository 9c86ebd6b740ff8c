using System.IO.Pipelines;

namespace Polywire.Doors;

/// <content>Reading, in turns: a client that sends without pause does not keep a thread from everybody else.</content>
public abstract partial class StreamConnection
{
    // Requests that one connection may have executed before others get their turn: some 100 µs of small actions. With one connection that
    // pipelines without end among fifty that ask now and then, the fifty's p50 and p99.9 stayed, their p99 tripled to 3.7 ms (Polywire.Load greedy).
    private const int RequestsPerTurn = 64;

    // What counts as much as a request, so that bytes without requests have a turn too.
    private const int BytesPerRequest = 4 * 1024;

    private int _turn;

    /// <summary>Serves the client from its welcome until something ends the connection.</summary>
    /// <returns>Why it is to end; faults of ours included, which are logged.</returns>
    protected async Task<CloseReason> ServeAsync()
    {
        try
        {
            var end = await OpenAsync();
            while (end is null)
            {
                var read = Input.ReadAsync();
                if (!read.IsCompleted)
                {
                    // The others have theirs while this one has sent nothing.
                    _turn = 0;
                }

                end = await HandleAsync(await read);
                if (end is null && IsTurnOver())
                {
                    await Task.Yield();
                }
            }

            return end.Value;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return CloseReason.ClientReset;
        }
        catch (Exception exception)
        {
            // It costs this connection, and nobody else anything.
            OnFailure(exception);
            return CloseReason.ServerClosed;
        }
    }

    /// <summary>Counts bytes that were read towards the turn of this connection.</summary>
    private void CountBytes(long length) => _turn += (int)Math.Min(length / BytesPerRequest, RequestsPerTurn);

    /// <summary>Counts a request towards the turn of this connection.</summary>
    protected void CountRequest() => _turn++;

    /// <summary>Whether the connection has had its turn and is to let others run; if so, its next turn begins.</summary>
    protected bool IsTurnOver()
    {
        if (_turn < RequestsPerTurn)
        {
            return false;
        }

        _turn = 0;
        return true;
    }

    private async ValueTask<CloseReason?> OpenAsync()
    {
        var (read, end) = await WelcomeAsync();
        if (end is { } reason)
        {
            return EndWaiting(read, reason);
        }

        return read is { } first ? await HandleAsync(first) : null;
    }
}
