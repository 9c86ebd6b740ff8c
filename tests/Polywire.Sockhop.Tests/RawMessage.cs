using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Tests;

/// <summary>What a <see cref="RawPeer"/> read.</summary>
/// <param name="IsBinary">Whether it came as a frame.</param>
/// <param name="Kind">Message, request or response.</param>
/// <param name="Type">The type's name.</param>
/// <param name="Data">JSON text; empty for a buffer in a frame.</param>
/// <param name="Bytes">A buffer's bytes in a frame.</param>
/// <param name="Id">The id as JSON text, or the characters in a frame.</param>
internal sealed record RawMessage(bool IsBinary, FrameKind Kind, string Type, string Data, byte[] Bytes, string Id)
{
    public override string ToString() => $"{(IsBinary ? "frame" : "line")} {Kind} {Type} {Data}";
}
