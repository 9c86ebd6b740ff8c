using Polywire.TestSupport;

namespace Polywire.Guide.Tests;

/// <summary>A page with its fenced blocks.</summary>
/// <param name="File">Its path below the repository, with slashes.</param>
internal sealed record GuidePage(string File, IReadOnlyList<GuideBlock> Blocks)
{
    /// <summary>The README and the pages of the guide.</summary>
    public static IReadOnlyList<string> Files { get; } = ["README.md", .. Repository.Files("docs/guide", "*.md")];

    public string Name => Path.GetFileNameWithoutExtension(File);

    public static GuidePage Read(string file)
    {
        var blocks = new List<GuideBlock>();
        var lines = System.IO.File.ReadAllLines(Path.Combine(Repository.Root, file));
        for (var start = 0; start < lines.Length; start++)
        {
            var indent = lines[start].Length - lines[start].TrimStart().Length;
            if (!lines[start].AsSpan(indent).StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.FindIndex(lines, start + 1, line => line.TrimStart().StartsWith("```", StringComparison.Ordinal));
            end = end < 0 ? lines.Length : end;
            var text = string.Join('\n', lines[(start + 1)..end].Select(line => line.Length > indent ? line[indent..] : ""));
            blocks.Add(new GuideBlock(file, start + 2, lines[start].Trim()[3..], text));
            start = end;
        }

        return new GuidePage(file, blocks);
    }

    public IEnumerable<GuideBlock> In(string language) => Blocks.Where(block => block.Language == language);
}
