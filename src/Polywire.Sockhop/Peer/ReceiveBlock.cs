using System.Buffers;

namespace Polywire.Sockhop.Peer;

/// <summary>Memory that bytes are received into, shared by the reader and by messages that lie in it; the last one gives it back.</summary>
internal sealed class ReceiveBlock
{
    // Larger ones are rare and are left to the garbage collector rather than kept by the pool.
    private const int MostPooled = 16 << 20;

    private readonly bool _isPooled;
    private int _references = 1;

    public ReceiveBlock(int size)
    {
        _isPooled = size <= MostPooled;
        Array = _isPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
    }

    public byte[] Array { get; }

    /// <summary>Whether a message lies in it.</summary>
    public bool IsShared => Volatile.Read(ref _references) > 1;

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0 && _isPooled)
        {
            ArrayPool<byte>.Shared.Return(Array);
        }
    }
}
