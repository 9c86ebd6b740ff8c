using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Params;

namespace Polywire.ToyDoor;

/// <summary>A client of a toy: a line is a verb and its arguments, or an action and its params as <c>name=value</c>.</summary>
public sealed class WordsConnection(IDuplexPipe wire, ConnectionServices services)
    : StreamConnection(Transports.Socket, services, WordsProtocol.Instance, wire.Output, outputCollects: false)
{
    public override string RemoteIP => "toy";

    public override int RemotePort => 0;

    protected override PipeReader Input => wire.Input;

    protected override CloseReason EndOfInput => CloseReason.ClientClosed;

    /// <summary>Lives the connection from its welcome to its goodbye.</summary>
    public async Task RunAsync()
    {
        try
        {
            var reason = await ServeAsync();
            await EndAsync(reason, reason == CloseReason.ClientClosed ? FarewellLeft() : TimeSpan.Zero);
        }
        finally
        {
            CloseInput();
            await wire.Input.CompleteAsync();
            await wire.Output.CompleteAsync();
        }
    }

    public override ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids)
    {
        Session.Tell(VerbReply.Failure(Services.Texts.FileNotProvided), ids);
        return new ValueTask<bool>(false);
    }

    protected override InputStep Take(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            return InputStep.NeedMore;
        }

        buffer = buffer.Slice(reader.Position);
        return Read(Encoding.UTF8.GetString(line).Split(' '));
    }

    protected override (long Held, long Begun) Pending(in ReadOnlySequence<byte> rest) => (rest.Length, rest.Length);

    protected override void Reset() => wire.Output.CancelPendingFlush();

    private InputStep Read(string[] words)
    {
        var ids = new MessageIds(Session.NextMessage());
        var verb = VerbTable.Find(words[0]);
        if (verb == Verb.File)
        {
            return InputStep.Send(new FileRequest(words.ElementAtOrDefault(1), words.Length > 1), ids);
        }

        if (verb != Verb.None)
        {
            return InputStep.Perform(verb, new() { Room = words.ElementAtOrDefault(1) ?? string.Empty, Words = string.Join(' ', words.Skip(2)) }, ids);
        }

        var parameters = ParamSet.Rent();
        parameters.Set("action"u8, Encoding.UTF8.GetBytes(words[0]), ParamKind.Text);
        foreach (var pair in words.Skip(1).Select(word => word.Split('=', 2)))
        {
            parameters.Set(Encoding.UTF8.GetBytes(pair[0]), Encoding.UTF8.GetBytes(pair[^1]), ParamKind.Text);
        }

        return InputStep.Action(parameters, ids, held: parameters);
    }
}
