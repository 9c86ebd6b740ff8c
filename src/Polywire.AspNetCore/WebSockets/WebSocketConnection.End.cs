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

    private CloseHandshake _handshake;

    /// <summary>Notes that the client asks for the end.</summary>
    public void Quit() => _handshake.Quit();

    protected override void WriteGoodbye(ResponseBuffer buffer, CloseReason reason)
    {
        var (code, text, isFinal) = reason switch
        {
            CloseReason.ClientClosed when _handshake.IsQuitting => (CloseCode.Normal, "", true),
            CloseReason.ServerClosed when CloseText is { } words => ((ushort)CloseStatus!.Value, words, true),
            CloseReason.ServerClosed when _handshake.Code == 0 => (CloseCode.Destroyed, "", true),
            CloseReason.ServerStopping when _services.Options.DestroyClientsOnShutdown => (CloseCode.Destroyed, "", true),
            CloseReason.ServerStopping => (CloseCode.GoingAway, "", false),
            CloseReason.HeartbeatTimeout => (CloseCode.HeartbeatTimeout, "heartbeat timeout", false),
            CloseReason.InputBudget => (CloseCode.TryAgainLater, Services.Texts.TooMuchInput, false),
            CloseReason.MessageTimeout => (CloseCode.Policy, Services.Texts.MessageStalled, false),
            CloseReason.Refused => (CloseCode.Policy, "refused", false),
            _ => (_handshake.Code, "", false),
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
            await WaitAsync(_handshake.WhenPeerClosed(), CloseLimit);
        }

        _handshake.CutOff();
        if (!_handshake.HasPeerClosed)
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
            await WaitAsync(_handshake.WhenPeerClosed(), LastWordLimit);
        }

        _handshake.CutOff();
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
