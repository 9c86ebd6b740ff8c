using System.Buffers;

namespace Polywire.Transport;

/// <summary>A rented piece of memory, which is also a link of the chain that a reader shows to its consumer.</summary>
/// <remarks>One owner at a time, which gives it back to <see cref="SocketBlockPool"/>.</remarks>
internal sealed class SocketBlock(byte[] array) : ReadOnlySequenceSegment<byte>
{
    /// <summary>Gets the bytes.</summary>
    public byte[] Array { get; } = array;

    /// <summary>Gets how many bytes from the start are filled.</summary>
    public int Filled { get; private set; }

    /// <summary>Gets how many bytes are free behind the filled ones.</summary>
    public int Free => Array.Length - Filled;

    /// <summary>Gets the next link.</summary>
    public SocketBlock? NextBlock => (SocketBlock?)Next;

    /// <summary>Gets the position of the end of the filled bytes in the whole chain.</summary>
    public long RunningEnd => RunningIndex + Filled;

    /// <summary>Counts <paramref name="bytes"/> more as filled and visible.</summary>
    /// <param name="bytes">At most <see cref="Free"/>.</param>
    public void Fill(int bytes)
    {
        Filled += bytes;
        Memory = new ReadOnlyMemory<byte>(Array, 0, Filled);
    }

    /// <summary>Makes <paramref name="next"/> the following link.</summary>
    /// <param name="next">A fresh block.</param>
    public void Append(SocketBlock next)
    {
        next.RunningIndex = RunningEnd;
        Next = next;
    }

    /// <summary>Makes the block fresh again.</summary>
    public void Reset()
    {
        Filled = 0;
        Memory = default;
        RunningIndex = 0;
        Next = null;
    }
}
