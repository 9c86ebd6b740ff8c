using System.Buffers.Text;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>Finds what a load generator needs in a line from the server, without parsing JSON.</summary>
/// <remarks>Relies on the server writing no blanks between a key, its colon and its value.</remarks>
internal static class MessageScanner
{
    private const int ShownBytes = 160;

    /// <summary>Reads the id that an answer carries; the ids stand last (docs/protocol/socket.md 2).</summary>
    public static bool TryReadId(ReadOnlySpan<byte> line, out long id)
    {
        var at = line.LastIndexOf("\"messageId\":"u8);
        id = 0;
        return at >= 0 && Utf8Parser.TryParse(line[(at + 12)..], out id, out _);
    }

    /// <summary>Reads the number right after <paramref name="key"/>, which includes quotes and colon.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, out long number)
    {
        var at = line.IndexOf(key);
        number = 0;
        return at >= 0 && Utf8Parser.TryParse(line[(at + key.Length)..], out number, out _);
    }

    public static bool IsError(ReadOnlySpan<byte> line) => line.IndexOf("\"error\":"u8) >= 0;

    /// <summary>Whether the server says that this connection has too many requests running.</summary>
    public static bool IsRefusal(ReadOnlySpan<byte> line) => line.IndexOf("too many pending requests"u8) >= 0;

    public static bool IsWelcome(ReadOnlySpan<byte> line) => line.IndexOf("\"welcome\":"u8) >= 0;

    public static bool IsBroadcast(ReadOnlySpan<byte> line) => line.IndexOf("\"context\":\"user\""u8) >= 0;

    /// <summary>The beginning of a line, fit to be shown.</summary>
    public static string Show(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, ShownBytes)]).TrimEnd();
}
