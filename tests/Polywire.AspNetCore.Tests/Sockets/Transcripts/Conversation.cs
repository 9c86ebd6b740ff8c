using System.Text;
using System.Text.Json.Nodes;

namespace Polywire.AspNetCore.Tests.Sockets.Transcripts;

/// <summary>One conversation of <c>conversations.txt</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Steps">What is sent and expected, in order.</param>
internal sealed record Conversation(string Name, IReadOnlyList<Step> Steps)
{
    /// <summary>Reads the conversations of the file.</summary>
    public static IReadOnlyList<Conversation> ReadAll()
    {
        using var stream = typeof(Conversation).Assembly.GetManifestResourceStream("conversations.txt")!;
        using var reader = new StreamReader(stream);
        var all = new List<Conversation>();
        var steps = new List<Step>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                all.Add(new Conversation(line[3..], steps = []));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                steps.Add(Read(line));
            }
        }

        return all;
    }

    private static Step Read(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var (mark, rest) = blank < 0 ? (line, string.Empty) : (line[..blank], line[(blank + 1)..]);
        return mark switch
        {
            ">" => new Step(StepKind.Send) { Bytes = Encoding.UTF8.GetBytes(rest + "\r\n") },
            ">>" => new Step(StepKind.Send) { Bytes = Text(rest) },
            "!" => new Step(StepKind.SendPacket) { Bytes = Convert.FromHexString(rest) },
            "<" => new Step(StepKind.Expect) { Json = JsonNode.Parse(rest) },
            "<?" => new Step(StepKind.ExpectInAnyOrder) { Json = JsonNode.Parse(rest) },
            "=" => new Step(StepKind.ExpectBytes) { Bytes = Text(rest) },
            "|" => new Step(StepKind.HalfClose),
            "." => new Step(StepKind.ExpectEnd),
            _ => throw new FormatException($"No step begins like this: {line}"),
        };
    }

    private static byte[] Text(string json) => Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.GetValue<string>());
}

/// <summary>One step of a conversation.</summary>
internal sealed record Step(StepKind Kind)
{
    public byte[] Bytes { get; init; } = [];

    public JsonNode? Json { get; init; }
}

/// <summary>What happens in a step.</summary>
internal enum StepKind
{
    Send,
    SendPacket,
    Expect,
    ExpectInAnyOrder,
    ExpectBytes,
    HalfClose,
    ExpectEnd,
}
