using System.Globalization;
using System.Text;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>An answer, read byte for byte.</summary>
/// <param name="Status">Of the status line; 0 where there was no answer.</param>
/// <param name="Headers">Names in lower case; values of the same name are joined with a line feed.</param>
/// <param name="Body">Without its chunks.</param>
/// <param name="IsWhole">Whether the body came to the end that the headers announced.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsWhole)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A header's value; null where it was not sent.</summary>
    public string? this[string name] => Headers.GetValueOrDefault(name);

    public static RawAnswer Parse(byte[] bytes, bool isHead)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return new RawAnswer(0, new Dictionary<string, string>(), bytes, false);
        }

        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>();
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = line[..colon].ToLowerInvariant();
            var value = line[(colon + 1)..].Trim();
            headers[name] = headers.TryGetValue(name, out var former) ? $"{former}\n{value}" : value;
        }

        var body = bytes[(end + 4)..];
        if (headers.GetValueOrDefault("transfer-encoding") == "chunked" && !isHead)
        {
            return new RawAnswer(status, headers, Unchunk(body, out var whole), whole);
        }

        return new RawAnswer(
            status,
            headers,
            body,
            isHead || !headers.TryGetValue("content-length", out var length) || body.Length == int.Parse(length, CultureInfo.InvariantCulture));
    }

    private static byte[] Unchunk(ReadOnlySpan<byte> body, out bool whole)
    {
        using var result = new MemoryStream();
        whole = false;
        while (body.IndexOf("\r\n"u8) is >= 0 and var line)
        {
            var size = int.Parse(body[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body = body[(line + 2)..];
            whole = size == 0;
            if (whole || body.Length < size + 2)
            {
                break;
            }

            result.Write(body[..size]);
            body = body[(size + 2)..];
        }

        return result.ToArray();
    }
}
