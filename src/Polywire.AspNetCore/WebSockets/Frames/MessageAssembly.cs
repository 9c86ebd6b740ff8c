using System.Buffers;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>A message that has not come whole yet; grows with what has come, not with what was announced.</summary>
internal sealed class MessageAssembly
{
    private const int FirstBytes = 4096;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>Bytes of memory taken.</summary>
    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Whether the message is compressed.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Adds a part of a frame's payload.</summary>
    /// <param name="part">As it came.</param>
    /// <param name="mask">The frame's.</param>
    /// <param name="offset">Where in the frame's payload the part begins.</param>
    /// <param name="limit">The message is known not to grow beyond it.</param>
    public void Append(ReadOnlySpan<byte> part, uint mask, int offset, int limit)
    {
        var needed = Length + part.Length;
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(Math.Max(2L * _bytes.Length, FirstBytes), limit)));
            Bytes.CopyTo(larger);
            Release();
            _bytes = larger;
        }

        FrameMask.Copy(part, _bytes.AsSpan(Length), mask, offset);
        Length = needed;
    }

    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
