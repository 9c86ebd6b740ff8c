using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.Doors;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>JSON in one text frame, for all receivers alike.</summary>
internal sealed class WebSocketFormat : WireFormat
{
    private readonly bool _compresses;

    private WebSocketFormat(bool compresses) => _compresses = compresses;

    public static WebSocketFormat Plain { get; } = new(compresses: false);

    public static WebSocketFormat Compressed { get; } = new(compresses: true);

    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json) =>
        _compresses && json.Length >= MessageDeflate.LeastBytes
            ? FrameWriter.Frame(FrameWriter.CompressedText, MessageDeflate.Compress(json.Span).Span)
            : FrameWriter.Frame(FrameWriter.Text, json.Span);
}
