using System.Text;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.ToyDoor;

/// <summary>Answers of one line: an action's is its JSON, a verb's begins with <c>ok</c> or <c>no</c>.</summary>
public sealed class WordsProtocol : MessageProtocol
{
    private WordsProtocol()
    {
    }

    public static WordsProtocol Instance { get; } = new();

    public override WireFormat Format => WordsFormat.Instance;

    public override void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids) => buffer.Write("}\n"u8);

    public override void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids)
    {
        buffer.Write(reply.Error is null ? "ok "u8 : "no "u8);
        var writer = buffer.Writer;
        writer.Reset(buffer);
        if (reply.Error is not null)
        {
            writer.WriteStringValue(reply.Error);
        }
        else if (reply.Data is not null)
        {
            reply.Data(writer, reply.State);
        }

        writer.Flush();
        buffer.Write((byte)'\n');
    }

    public override void Frame(ResponseBuffer buffer, int start) => buffer.Write((byte)'\n');

    public override void WriteWelcome(ResponseBuffer buffer) => buffer.Write("hello\n"u8);

    public override void WriteGoodbye(ResponseBuffer buffer) => buffer.Write("bye\n"u8);

    private sealed class WordsFormat : WireFormat
    {
        public static WordsFormat Instance { get; } = new();

        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(json.Span)}\n");
    }
}
