using System.Text;
using System.Text.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Tests.Protocol;

/// <summary>The recorded frames and lines of vectors.txt.</summary>
internal static class Vectors
{
    public const string CallbackId = "01234567-89ab-4cde-8f01-23456789abcd";

    public static IEnumerable<FrameVector> Frames => Lines("frame").Select(fields => new FrameVector(
        fields[1].EndsWith('q') ? FrameKind.Request : fields[1].EndsWith('r') ? FrameKind.Response : FrameKind.Message,
        fields[1][0] == 'b',
        JsonSerializer.Deserialize<string>(fields[2])!,
        fields[3] switch
        {
            "pattern" => Pattern(int.Parse(fields[4], null)),
            "letters" => Encoding.ASCII.GetBytes('"' + Letters(int.Parse(fields[4], null)) + '"'),
            _ => Encoding.UTF8.GetBytes(fields[4]),
        },
        int.Parse(fields[5], null),
        fields[6]));

    public static IEnumerable<(int Bytes, int Length, string Hash)> TextBuffers =>
        Lines("line").Select(fields => (int.Parse(fields[1], null), int.Parse(fields[2], null), fields[3]));

    /// <summary>Streams to decode: the error that is reported, and the messages as type and value.</summary>
    public static IEnumerable<(byte[] Bytes, string? Error, string[] Messages)> Streams(string kind) => Lines(kind).Select(fields => (
        Convert.FromHexString(fields[1]),
        fields[2] == "-" ? null : fields[2],
        JsonDocument.Parse(fields[3]).RootElement.EnumerateArray().Select(message => $"{message[0].GetString()} {message[1].GetRawText()}").ToArray()));

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    public static string Letters(int length) => new([.. Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26)))]);

    private static IEnumerable<string[]> Lines(string kind)
    {
        using var stream = typeof(Vectors).Assembly.GetManifestResourceStream("vectors.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(kind + '\t', StringComparison.Ordinal))
            {
                yield return line.Split('\t');
            }
        }
    }
}
