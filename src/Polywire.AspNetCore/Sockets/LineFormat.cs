using Polywire.Doors;

namespace Polywire.AspNetCore.Sockets;

/// <summary>JSON and CR LF.</summary>
internal sealed class LineFormat : WireFormat
{
    public static LineFormat Instance { get; } = new();

    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json)
    {
        var line = new byte[json.Length + 2];
        json.Span.CopyTo(line);
        "\r\n"u8.CopyTo(line.AsSpan(json.Length));
        return line;
    }
}
