using System.Text.Json;
using Polywire.AspNetCore.Compatibility.JavaScript;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>What the server says on a WebSocket: one JSON value a text message.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Answers". Holds no state.</remarks>
internal sealed class JsonMessageProtocol(ErrorCatalog texts, bool compresses) : MessageProtocol
{
    private static readonly ReservedNames EmptyContext = new("context");
    private static readonly ReservedNames EmptyMessageId = new("messageId");
    private static readonly ReservedNames EmptyBoth = new("context", "messageId");
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 1024 };

    public override WireFormat Format { get; } = compresses ? WebSocketFormat.Compressed : WebSocketFormat.Plain;

    public override void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids)
    {
        var own = default(Own);
        if (CanHaveOwn(response))
        {
            buffer.Write((byte)'}');
            own = FindOwn(buffer.WrittenSpan[start..]);
            Open(buffer, start, own);
        }

        Complete(buffer, start, own, ids, hasIds: true);
        Frame(buffer, start);
    }

    public override void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids)
    {
        var start = buffer.Length;
        if (reply.Error is not null)
        {
            var text = $"Error: {reply.Error}";
            buffer.Write("{\"status\":"u8);
            WriteText(buffer, text);
            buffer.Write(",\"error\":"u8);
            WriteText(buffer, text);
            buffer.Write(",\"context\":\"response\""u8);
        }
        else
        {
            buffer.Write("{\"status\":\"OK\",\"context\":\"response\""u8);
        }

        if (reply.Data is not null)
        {
            buffer.Write(",\"data\":"u8);
            var writer = buffer.Writer;
            writer.Reset(buffer);
            reply.Data(writer, reply.State);
            writer.Flush();
        }

        WriteMessageId(buffer, ids);
        buffer.Write((byte)'}');
        Frame(buffer, start);
    }

    /// <summary>Completes a message of the application's that begins at the start of the buffer, and frames it.</summary>
    /// <param name="buffer">Holds its JSON.</param>
    /// <param name="ids">Those of the request that it is a part of.</param>
    /// <param name="hasIds">Whether it is a part of one.</param>
    public void WritePush(ResponseBuffer buffer, in MessageIds ids, bool hasIds)
    {
        if (buffer.WrittenSpan is [(byte)'{', ..])
        {
            var own = FindOwn(buffer.WrittenSpan);
            if (!own.HasFlag(Own.Context))
            {
                Open(buffer, 0, own);
                Complete(buffer, 0, own, ids, hasIds);
            }
        }

        Frame(buffer, 0);
    }

    /// <summary>Writes the answer to text that is no JSON.</summary>
    public void WriteInvalid(ResponseBuffer buffer) => WriteNotice(buffer, "{\"error\":"u8, texts.InvalidMessage);

    /// <summary>Writes the answer to a request for a file that is not to be had.</summary>
    public void WriteFileError(ResponseBuffer buffer, string error, in MessageIds ids)
    {
        buffer.Write("{\"error\":"u8);
        WriteText(buffer, error);
        buffer.Write(",\"content\":null,\"mime\":\"text/html\",\"length\":"u8);
        buffer.Write(error.Length);
        buffer.Write(",\"context\":\"response\""u8);
        WriteMessageId(buffer, ids);
        buffer.Write((byte)'}');
        Frame(buffer, 0);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="buffer">Empty.</param>
    /// <param name="content">All of its bytes; what is no UTF-8 becomes U+FFFD, unless encoded.</param>
    /// <param name="mime">Its type.</param>
    /// <param name="lastModified">In UTC.</param>
    /// <param name="asBase64">Whether the bytes are encoded.</param>
    /// <param name="ids">Those of the request.</param>
    public void WriteFile(ResponseBuffer buffer, ReadOnlySpan<byte> content, string mime, DateTime lastModified, bool asBase64, in MessageIds ids)
    {
        var writer = buffer.Writer;
        writer.Reset(buffer);
        writer.WriteStartObject();
        if (asBase64)
        {
            writer.WriteBase64String("content"u8, content);
            writer.WriteString("encoding"u8, "base64"u8);
        }
        else
        {
            // The writer replaces what is no UTF-8 as a decoder does.
            writer.WriteString("content"u8, content);
        }

        writer.WriteString("mime"u8, mime);
        writer.WriteNumber("length"u8, content.Length);
        writer.WriteString("lastModified"u8, lastModified.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("context"u8, "response"u8);
        writer.Flush();
        WriteMessageId(buffer, ids);
        buffer.Write((byte)'}');
        Frame(buffer, 0);
    }

    public override void Frame(ResponseBuffer buffer, int start)
    {
        LineSeparators.Escape(buffer, start);
        if (!compresses || buffer.Length - start < MessageDeflate.LeastBytes)
        {
            FrameWriter.Frame(buffer, start, FrameWriter.Text);
            return;
        }

        var packed = MessageDeflate.Compress(buffer.WrittenSpan[start..]);
        buffer.Truncate(start);
        buffer.Write(packed.Span);
        FrameWriter.Frame(buffer, start, FrameWriter.CompressedText);
    }

    public override void WriteWelcome(ResponseBuffer buffer) => WriteNotice(buffer, "{\"welcome\":"u8, texts.Welcome);

    public override void WriteGoodbye(ResponseBuffer buffer) => buffer.Write(FrameWriter.CloseFrame(CloseCode.Normal));

    // An output without keys of the protocol was seen to be so when its action was registered.
    private static bool CanHaveOwn(in ActionResponse response) =>
        response.Extra is not null || (response.Result is not null && response.Action?.HasPlainOutput != true);

    private static void Complete(ResponseBuffer buffer, int start, Own own, in MessageIds ids, bool hasIds)
    {
        if (!own.HasFlag(Own.Context))
        {
            buffer.Write(buffer.Length > start + 1 ? ",\"context\":\"response\""u8 : "\"context\":\"response\""u8);
        }

        if (hasIds && !own.HasFlag(Own.MessageId) && !own.HasFlag(Own.OtherContext))
        {
            WriteMessageId(buffer, ids);
        }

        buffer.Write((byte)'}');
    }

    // Takes its closing brace off the object that begins at start, and what JavaScript takes for false, which counts as not set.
    private static void Open(ResponseBuffer buffer, int start, Own own)
    {
        var isEmptyId = own.HasFlag(Own.EmptyMessageId) && !own.HasFlag(Own.OtherContext);
        var empty = own.HasFlag(Own.EmptyContext) ? isEmptyId ? EmptyBoth : EmptyContext : isEmptyId ? EmptyMessageId : null;
        if (empty is null)
        {
            buffer.Truncate(buffer.Length - 1);
        }
        else
        {
            buffer.OpenObject(start, empty, replaced: null, failed: false, out _);
        }
    }

    // Of equal keys the last counts.
    private static Own FindOwn(ReadOnlySpan<byte> json)
    {
        var context = default(Own);
        var messageId = default(Own);
        var reader = new Utf8JsonReader(json, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContext = reader.ValueTextEquals("context"u8);
            var isMessageId = reader.ValueTextEquals("messageId"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isResponse = isContext && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("response"u8);
            reader.Skip();
            if (isContext || isMessageId)
            {
                var isEmpty = new ParamValue(json[start..(int)reader.BytesConsumed], ParamKind.Json).IsFalsy;
                context = !isContext ? context : isEmpty ? Own.EmptyContext : isResponse ? Own.Context : Own.Context | Own.OtherContext;
                messageId = !isMessageId ? messageId : isEmpty ? Own.EmptyMessageId : Own.MessageId;
            }
        }

        return context | messageId;
    }

    private void WriteNotice(ResponseBuffer buffer, ReadOnlySpan<byte> open, string text)
    {
        buffer.Write(open);
        WriteText(buffer, text);
        buffer.Write(",\"context\":\"api\"}"u8);
        Frame(buffer, 0);
    }

    private static void WriteText(ResponseBuffer buffer, string text)
    {
        var writer = buffer.Writer;
        writer.Reset(buffer);
        writer.WriteStringValue(text);
        writer.Flush();
    }

    private static void WriteMessageId(ResponseBuffer buffer, in MessageIds ids)
    {
        buffer.Write(",\"messageId\":"u8);
        var id = ids.Id.Bytes;
        if (JavaScriptJson.IsWritten(id) || LoneSurrogates.AreIn(id))
        {
            // Half of a surrogate pair is no text that could be written again.
            buffer.Write(id);
            return;
        }

        var writer = buffer.Writer;
        writer.Reset(buffer);
        JavaScriptJson.Write(writer, id);
        writer.Flush();
    }

    /// <summary>Keys of the protocol that a message of the application's has itself.</summary>
    [Flags]
    private enum Own
    {
        Context = 1,
        MessageId = 2,
        OtherContext = 4,
        EmptyContext = 8,
        EmptyMessageId = 16,
    }
}
