using System.Buffers.Text;
using System.Text;
using Polywire.Sockhop.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>Pings, ours and the peer's. Safe for any thread.</summary>
internal sealed class Pings(Lock gate, Life life, Writer writer, TimeProvider time, bool isServer)
{
    private const int Kept = 4;

    // The oldest first; the default value for one that was answered.
    private Queue<Guid>? _sent;

    private string NowText => DateTimeOffsetConverter.ToText(time.GetUtcNow());

    /// <summary>Reads the id of a ping that was made here.</summary>
    public static bool TryReadId(in Frame pong, out Guid id)
    {
        var text = CallbackId.Plain(pong.IsBytes ? default : JsonMembers.Find(pong.Data, "_id"u8));
        return Utf8Parser.TryParse(text, out id, out var length) && length == text.Length;
    }

    /// <summary>One tick of the owner's ping timer: sends one.</summary>
    /// <param name="isReading">Whether answers are read; where they may lie unread, it is not the peer that is silent.</param>
    /// <returns>Whether the last four were in vain.</returns>
    public bool Tick(bool isReading)
    {
        var id = Guid.NewGuid();
        bool isDead;
        lock (gate)
        {
            if (!life.IsOpen)
            {
                return false;
            }

            _sent ??= new Queue<Guid>();
            if (isReading)
            {
                _sent.Enqueue(id);
            }
            else
            {
                _sent.Clear();
            }

            while (_sent.Count > Kept)
            {
                _sent.Dequeue();
            }

            isDead = _sent.Count == Kept && !_sent.Contains(default);
        }

        // The Node library's server sends before it counts, its client counts before it sends.
        if (isServer || !isDead)
        {
            Send(id);
        }

        return isDead;
    }

    /// <summary>Forgets the pings that were not answered: the owner has set another pace.</summary>
    public void Forget()
    {
        lock (gate)
        {
            _sent?.Clear();
        }
    }

    public void Send(Guid id) =>
        writer.SendControl(
            FrameKind.Message,
            WireType.Ping,
            Encoding.UTF8.GetBytes($$"""{"_id":"{{id}}","_created":"{{NowText}}","_returned":null,"_finished":null}"""));

    /// <summary>Notes that one was answered.</summary>
    public void TakeAnswer(Guid id)
    {
        lock (gate)
        {
            for (var i = _sent?.Count ?? 0; i > 0; i--)
            {
                var ping = _sent!.Dequeue();
                _sent.Enqueue(ping == id ? default : ping);
            }
        }
    }

    /// <summary>Answers a ping of the peer's with what it has.</summary>
    public void Answer(in Frame ping)
    {
        var data = ping.IsBytes ? default : ping.Data;
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
            writer.SendControl(FrameKind.Message, WireType.Pong, pong.Written);
        }
        finally
        {
            PayloadWriter.Return(pong);
        }
    }
}
