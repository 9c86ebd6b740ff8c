using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Tests.Protocol;

/// <param name="Kind">Message, request or response.</param>
/// <param name="IsBytes">Whether it is a buffer.</param>
/// <param name="Type">The type's name.</param>
/// <param name="Data">JSON text, or the buffer's bytes.</param>
/// <param name="Length">Of the whole frame.</param>
/// <param name="Hash">SHA-256 of the whole frame.</param>
internal sealed record FrameVector(FrameKind Kind, bool IsBytes, string Type, byte[] Data, int Length, string Hash)
{
    /// <summary>The frame as it is written here.</summary>
    public byte[] Encode()
    {
        var type = new WireType(Type).Utf8;
        var prefix = BinaryProtocol.PrefixLength(type.Length);
        var frame = new byte[prefix + Data.Length + (Kind == FrameKind.Message ? 0 : BinaryProtocol.CallbackIdLength)];
        BinaryProtocol.WritePrefix(frame, Kind, IsBytes, type, (uint)Data.Length);
        Data.CopyTo(frame, prefix);
        if (Kind != FrameKind.Message)
        {
            BinaryProtocol.WriteId(frame.AsSpan(prefix + Data.Length), System.Text.Encoding.ASCII.GetBytes(Vectors.CallbackId));
        }

        return frame;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {(IsBytes ? "bytes" : "JSON")} {Type} {Data.Length}";
}
