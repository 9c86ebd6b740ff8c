using System.Text.Json.Nodes;

namespace Polywire.AspNetCore.Tests.WebSockets.Facts;

/// <summary>One conversation of <c>websocket-facts.txt</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Steps">In order.</param>
internal sealed record WebSocketConversation(string Name, IReadOnlyList<WebSocketStep> Steps)
{
    /// <summary>Reads the conversations of the file.</summary>
    public static IReadOnlyList<WebSocketConversation> ReadAll()
    {
        using var stream = typeof(WebSocketConversation).Assembly.GetManifestResourceStream("websocket-facts.txt")!;
        using var reader = new StreamReader(stream);
        var all = new List<WebSocketConversation>();
        var steps = new List<WebSocketStep>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                all.Add(new WebSocketConversation(line[3..], steps = []));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                steps.Add(Read(line));
            }
        }

        return all;
    }

    private static WebSocketStep Read(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var (mark, rest) = blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
        return char.IsDigit(mark[0]) ? new WebSocketStep(mark[0] - '0', mark[1..], rest) : new WebSocketStep(1, mark, rest);
    }
}

/// <summary>One step of a conversation.</summary>
/// <param name="Connection">The number of the connection.</param>
/// <param name="Mark">What is done.</param>
/// <param name="Text">With what.</param>
internal sealed record WebSocketStep(int Connection, string Mark, string Text)
{
    /// <summary>The value that is expected.</summary>
    public JsonNode? Json => JsonNode.Parse(Text);
}
