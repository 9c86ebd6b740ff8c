using System.Text.Json;

namespace Polywire.AspNetCore.Tests.Http.Facts;

/// <summary>One request of <c>web-facts.txt</c> and what it is answered.</summary>
public sealed class WebFact
{
    private WebFact(string name, string settings) => (Name, Settings) = (name, settings);

    public string Name { get; }

    /// <summary>Settings of the app, <c>KEY=VALUE</c> with blanks between.</summary>
    public string Settings { get; }

    internal List<string> Request { get; } = [];

    internal string Body { get; private set; } = "";

    internal int Status { get; private set; }

    internal List<string> Headers { get; } = [];

    /// <summary>As in the file: a JSON document, or a text as a JSON text; null where nothing or something compressed is sent.</summary>
    internal string? Answer { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static IEnumerable<WebFact> All()
    {
        using var stream = typeof(WebFact).Assembly.GetManifestResourceStream("web-facts.txt")!;
        using var reader = new StreamReader(stream);
        foreach (var block in reader.ReadToEnd().Split("\n\n").Where(block => block.Contains("\n<", StringComparison.Ordinal)))
        {
            yield return Read(block.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static WebFact Read(string[] lines)
    {
        var settings = lines[0].StartsWith("= ", StringComparison.Ordinal) ? lines[0][2..] : "";
        var fact = new WebFact($"{string.Join(' ', lines.Where(line => line[0] == '>').Select(line => line.Length > 2 ? line[2..] : "·"))} {settings}", settings);
        var inBody = false;
        foreach (var line in lines)
        {
            if (line == ">")
            {
                inBody = true;
            }
            else if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                if (inBody)
                {
                    fact.Body = JsonSerializer.Deserialize<string>(line[2..])!;
                }
                else
                {
                    fact.Request.Add(line[2..]);
                }
            }
            else if (line.StartsWith("< ", StringComparison.Ordinal))
            {
                fact.Read(line[2..]);
            }
            else if (!line.StartsWith("= ", StringComparison.Ordinal))
            {
                fact.Answer = line;
            }
        }

        return fact;
    }

    private void Read(string line)
    {
        if (Status == 0)
        {
            Status = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
        }
        else
        {
            Headers.Add(line);
        }
    }
}
