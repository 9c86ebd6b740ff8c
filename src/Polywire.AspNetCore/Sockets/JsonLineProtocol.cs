using Polywire.Doors;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Sockets;

/// <summary>What the server says on a socket: one JSON object a line, ended by CR LF.</summary>
/// <remarks>Source: docs/protocol/socket.md, 2 and 6. Holds no state.</remarks>
internal sealed class JsonLineProtocol(ErrorCatalog texts) : MessageProtocol
{
    public override WireFormat Format => LineFormat.Instance;

    public override ReservedNames Reserved { get; } = new("context", "messageId", "messageCount");

    public override void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids)
    {
        if (buffer.Length > start + 1)
        {
            buffer.Write((byte)',');
        }

        buffer.Write("\"context\":\"response\""u8);
        WriteIds(buffer, ids);
    }

    public override void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids)
    {
        if (reply.Error is not null)
        {
            WriteError(buffer, "{\"error\":"u8, reply.Error, ids);
            return;
        }

        buffer.Write("{\"status\":\"OK\",\"context\":\"response\",\"data\":"u8);
        if (reply.Data is null)
        {
            buffer.Write("null"u8);
        }
        else
        {
            var writer = buffer.Writer;
            writer.Reset(buffer);
            reply.Data(writer, reply.State);
            writer.Flush();
        }

        WriteIds(buffer, ids);
    }

    /// <summary>Writes the answer to a line that is too long, which has a status too.</summary>
    public static void WriteTooLong(ResponseBuffer buffer, string error, in MessageIds ids) =>
        WriteError(buffer, "{\"status\":\"error\",\"error\":"u8, error, ids);

    public override void Frame(ResponseBuffer buffer, int start) => buffer.Write("\r\n"u8);

    public override void WriteWelcome(ResponseBuffer buffer) => WriteNotice(buffer, "{\"welcome\":"u8, texts.Welcome);

    public override void WriteGoodbye(ResponseBuffer buffer) => WriteNotice(buffer, "{\"status\":"u8, texts.Goodbye);

    /// <summary>Writes the goodbye of an application that says why it closes the connection.</summary>
    public void WriteGoodbye(ResponseBuffer buffer, string reason, int status)
    {
        buffer.Write("{\"status\":"u8);
        WriteText(buffer, texts.Goodbye);
        buffer.Write(",\"reason\":"u8);
        WriteText(buffer, reason);
        buffer.Write(",\"code\":"u8);
        buffer.Write(status);
        buffer.Write(",\"context\":\"api\"}\r\n"u8);
    }

    /// <summary>Says why the connection ends, ahead of the goodbye.</summary>
    public static void WriteEnd(ResponseBuffer buffer, string error) => WriteNotice(buffer, "{\"error\":"u8, error);

    private static void WriteError(ResponseBuffer buffer, ReadOnlySpan<byte> open, string error, in MessageIds ids)
    {
        buffer.Write(open);
        WriteText(buffer, error);
        buffer.Write(",\"context\":\"response\""u8);
        WriteIds(buffer, ids);
    }

    private static void WriteNotice(ResponseBuffer buffer, ReadOnlySpan<byte> open, string text)
    {
        buffer.Write(open);
        WriteText(buffer, text);
        buffer.Write(",\"context\":\"api\"}\r\n"u8);
    }

    private static void WriteText(ResponseBuffer buffer, string text)
    {
        var writer = buffer.Writer;
        writer.Reset(buffer);
        writer.WriteStringValue(text);
        writer.Flush();
    }

    private static void WriteId(ResponseBuffer buffer, in ParamValue id)
    {
        if (id.IsCompactJson)
        {
            buffer.Write(id.Bytes);
            return;
        }

        var writer = buffer.Writer;
        writer.Reset(buffer);
        id.WriteTo(writer);
        writer.Flush();
    }

    private static void WriteIds(ResponseBuffer buffer, in MessageIds ids)
    {
        buffer.Write(",\"messageId\":"u8);
        if (ids.HasId)
        {
            WriteId(buffer, ids.Id);
        }
        else
        {
            buffer.Write(ids.Count);
        }

        buffer.Write(",\"messageCount\":"u8);
        buffer.Write(ids.Count);
        buffer.Write("}\r\n"u8);
    }
}
