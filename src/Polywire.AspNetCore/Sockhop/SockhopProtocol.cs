using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>How a Sockhop peer is answered: in one JSON object; the library frames it, welcomes and says goodbye.</summary>
/// <remarks>Source: docs/protocol/sockhop.md, 10.</remarks>
internal sealed class SockhopProtocol : MessageProtocol
{
    private SockhopProtocol()
    {
    }

    public static SockhopProtocol Instance { get; } = new();

    public override WireFormat Format => SockhopFormat.Instance;

    public override ReservedNames Reserved { get; } = new("context", "messageId");

    public override void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids)
    {
        if (buffer.Length > start + 1)
        {
            buffer.Write((byte)',');
        }

        buffer.Write("\"context\":\"response\""u8);
        Close(buffer, ids);
    }

    public override void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids)
    {
        var writer = buffer.Writer;
        writer.Reset(buffer);
        if (reply.Error is not null)
        {
            buffer.Write("{\"error\":"u8);
            writer.WriteStringValue(reply.Error);
            writer.Flush();
            buffer.Write(",\"context\":\"response\""u8);
        }
        else
        {
            buffer.Write("{\"status\":\"OK\",\"context\":\"response\",\"data\":"u8);
            if (reply.Data is null)
            {
                buffer.Write("null"u8);
            }
            else
            {
                reply.Data(writer, reply.State);
                writer.Flush();
            }
        }

        Close(buffer, ids);
    }

    public override void Frame(ResponseBuffer buffer, int start)
    {
    }

    public override void WriteWelcome(ResponseBuffer buffer)
    {
    }

    public override void WriteGoodbye(ResponseBuffer buffer)
    {
    }

    private static void Close(ResponseBuffer buffer, in MessageIds ids)
    {
        if (ids.HasId)
        {
            buffer.Write(",\"messageId\":"u8);
            var writer = buffer.Writer;
            writer.Reset(buffer);
            ids.Id.WriteTo(writer);
            writer.Flush();
        }

        buffer.Write((byte)'}');
    }
}
