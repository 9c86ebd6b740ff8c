using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>The objects that answers are.</summary>
/// <remarks>Source: docs/protocol/sockhop.md, 10.</remarks>
internal static class SockhopAnswers
{
    private static readonly ReservedNames Reserved = new("context", "messageId");

    public static void WriteResponse(ResponseBuffer buffer, ConnectionServices services, in ActionResponse response, byte[]? id)
    {
        var start = buffer.Length;
        services.Responses.WriteOpen(buffer, response, Reserved);
        if (buffer.Length > start + 1)
        {
            buffer.Write((byte)',');
        }

        buffer.Write("\"context\":\"response\""u8);
        Close(buffer, id);
    }

    public static void WriteReply(ResponseBuffer buffer, in VerbReply reply, byte[]? id)
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

        Close(buffer, id);
    }

    private static void Close(ResponseBuffer buffer, byte[]? id)
    {
        if (id is not null)
        {
            buffer.Write(",\"messageId\":"u8);
            buffer.Write(id);
        }

        buffer.Write((byte)'}');
    }
}
