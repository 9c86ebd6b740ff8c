using Polywire.AspNetCore.Compatibility.Primus;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Json;

namespace Polywire.AspNetCore.WebSockets;

/// <content>The closing handshake.</content>
internal sealed partial class WebSocketConnection
{
    /// <summary>How long the peer may take for its part of the closing handshake.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long a peer that does not read may take for each step of being told that it is cut off.</summary>
    private static readonly TimeSpan LastWordLimit = TimeSpan.FromMilliseconds(300);

    private TaskCompletionSource? _closedByPeer;

    // What the close frame says where the reason alone does not tell; 0 otherwise.
    private ushort _closeCode;
    private bool _isQuitting;
    private bool _isBroken;
    private volatile bool _peerHasClosed;
    private volatile bool _isCutOff;

    /// <summary>Notes that the client asks for the end.</summary>
    public void Quit() => _isQuitting = true;

    protected override void WriteGoodbye(ResponseBuffer buffer, CloseReason reason)
    {
        var (code, text, isFinal) = reason switch
        {
            CloseReason.ClientClosed when _isQuitting => (CloseCode.Normal, "", true),
            CloseReason.ServerClosed when _closeCode == 0 => (CloseCode.Destroyed, "", true),
            CloseReason.ServerStopping when _services.Options.DestroyClientsOnShutdown => (CloseCode.Destroyed, "", true),
            CloseReason.ServerStopping => (CloseCode.GoingAway, "", false),
            CloseReason.HeartbeatTimeout => (CloseCode.HeartbeatTimeout, "heartbeat timeout", false),
            CloseReason.InputBudget => (CloseCode.TryAgainLater, Services.Texts.TooMuchInput, false),
            CloseReason.MessageTimeout => (CloseCode.Policy, Services.Texts.MessageStalled, false),
            CloseReason.Refused => (CloseCode.Policy, "refused", false),
            _ => (_closeCode, "", false),
        };
        if (isFinal && IsPrimus)
        {
            buffer.Write(PrimusStrings.ServerClose);
        }

        buffer.Write(FrameWriter.CloseFrame(code, text));
    }

    protected override async ValueTask EndSaidAsync()
    {
        if (!Outbound.IsAborted)
        {
            await WaitForPeerAsync(CloseLimit);
        }

        _isCutOff = true;
        if (!_peerHasClosed)
        {
            Outbound.Abort();
        }
    }

    protected override async ValueTask EndAbortedAsync(CloseReason reason)
    {
        if (reason == CloseReason.SlowReader && await WaitAsync(Outbound.WhenQuietAsync(), LastWordLimit))
        {
            // Between two messages now, with nobody else who writes.
            await WaitAsync(_output.WriteAsync(FrameWriter.CloseFrame(CloseCode.Policy, "slow consumer")).AsTask(), LastWordLimit);
            await WaitForPeerAsync(LastWordLimit);
        }

        _isCutOff = true;
    }

    private void TellPeerHasClosed()
    {
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _closedByPeer)?.TrySetResult();
    }

    private async ValueTask WaitForPeerAsync(TimeSpan limit)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A full fence: either the one who reads sees what we wait for, or we see that it has ended.
        Interlocked.Exchange(ref _closedByPeer, closed);
        if (!_peerHasClosed)
        {
            await WaitAsync(closed.Task, limit);
        }
    }

    // Whether it completed, in whatever way, within the limit.
    private async ValueTask<bool> WaitAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, Services.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The transport is gone already.
            return true;
        }
    }
}
