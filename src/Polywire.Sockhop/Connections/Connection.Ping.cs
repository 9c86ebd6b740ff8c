using System.Buffers.Text;
using System.Text;
using Polywire.Sockhop.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>Pings, ours and the peer's.</content>
internal sealed partial class Connection
{
    private const int PingsKept = 4;

    // The oldest first; the default value for one that was answered.
    private readonly Queue<Guid> _pings = new();

    private string NowText => DateTimeOffsetConverter.ToText(_settings.Time.GetUtcNow());

    /// <summary>One tick of the owner's ping timer: pings, or ends the connection if the last four were in vain.</summary>
    public void Ping()
    {
        var id = Guid.NewGuid();
        bool isDead;
        lock (_gate)
        {
            if (_phase != Phase.Open || !IsInitialized)
            {
                return;
            }

            if (_paused)
            {
                // Answers may lie there unread: it is not the peer that is silent.
                _pings.Clear();
            }
            else
            {
                _pings.Enqueue(id);
            }

            while (_pings.Count > PingsKept)
            {
                _pings.Dequeue();
            }

            isDead = _pings.Count == PingsKept && !_pings.Contains(default);
        }

        // The Node library's server sends before it counts, its client counts before it sends.
        if (IsServer || !isDead)
        {
            SendPing(id);
        }

        if (isDead)
        {
            _ = CloseAsync(SockhopCloseReason.PingTimeout);
        }
    }

    /// <summary>Forgets the pings that were not answered: the owner has set another pace.</summary>
    public void ForgetPings()
    {
        lock (_gate)
        {
            _pings.Clear();
        }
    }

    private void SendPing(Guid id) =>
        SendControl(
            FrameKind.Message,
            WireType.Ping,
            Encoding.UTF8.GetBytes($$"""{"_id":"{{id}}","_created":"{{NowText}}","_returned":null,"_finished":null}"""));

    private void TakePing(in Frame frame)
    {
        var data = frame.IsBytes ? default : frame.Data;
        var pong = PayloadWriter.Rent();
        try
        {
            pong.Append("{\"_id\":"u8);
            pong.Append(JsonText.OneLine(JsonMembers.FindOrNull(data, "_id"u8)));
            pong.Append(",\"_created\":"u8);
            pong.Append(JsonText.OneLine(JsonMembers.FindOrNull(data, "_created"u8)));
            pong.Append(",\"_returned\":\""u8);
            pong.Append(Encoding.UTF8.GetBytes(NowText));
            pong.Append("\",\"_finished\":null}"u8);
            SendControl(FrameKind.Message, WireType.Pong, pong.Written);
        }
        finally
        {
            PayloadWriter.Return(pong);
        }
    }

    private void TakePong(in Frame frame)
    {
        var text = CallbackId.Plain(frame.IsBytes ? default : JsonMembers.Find(frame.Data, "_id"u8));
        if (!Utf8Parser.TryParse(text, out Guid id, out var length) || length != text.Length || TakeProbeAnswer(id))
        {
            return;
        }

        lock (_gate)
        {
            for (var i = _pings.Count; i > 0; i--)
            {
                var ping = _pings.Dequeue();
                _pings.Enqueue(ping == id ? default : ping);
            }
        }
    }
}
