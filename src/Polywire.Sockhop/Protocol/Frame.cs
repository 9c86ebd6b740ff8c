namespace Polywire.Sockhop.Protocol;

/// <summary>One received message, in the memory it arrived in: good until that memory is used again.</summary>
internal ref struct Frame
{
    /// <summary>Where <see cref="Data"/> does not lie in the bytes that were parsed.</summary>
    public const int Elsewhere = -1;

    public FrameKind Kind;

    /// <summary>Whether <see cref="Data"/> is a buffer's bytes rather than JSON text.</summary>
    public bool IsBytes;

    /// <summary>False for a text message without <c>data</c>.</summary>
    public bool HasData;

    /// <summary>Whether <see cref="Data"/> is known to be JSON; a frame's is not until somebody reads it.</summary>
    public bool IsChecked;

    /// <summary>UTF-8, without escapes.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>JSON text, or bytes.</summary>
    public Span<byte> Data;

    /// <summary>Where <see cref="Data"/> begins in the line or body that was parsed, or <see cref="Elsewhere"/>.</summary>
    public int DataOffset;

    /// <summary>The id of a request or response: the JSON token in text, the characters in binary.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>Whether <see cref="Id"/> is a JSON token.</summary>
    public bool IdIsJson;

    /// <summary>How many bytes it keeps while it waits.</summary>
    public readonly long Size => (long)Data.Length + Type.Length + Id.Length;

    public readonly bool IsTypedBuffer => IsBytes && Kind != FrameKind.Response && !Type.SequenceEqual("Buffer"u8);
}
