using System.Buffers;
using System.Collections.Concurrent;

namespace Polywire.Transport;

/// <summary>Lends memory to connections while bytes are on their way; an idle connection holds none.</summary>
/// <remarks>
/// Blocks of the usual size are kept whole, first on the thread that gave them back (a request is mostly read, answered and
/// released on one thread), then in a queue of bounded length; anything beyond is left to the garbage collector.
/// Larger ones come from <see cref="ArrayPool{T}.Shared"/>. Safe from any thread.
/// </remarks>
internal sealed class SocketBlockPool
{
    /// <summary>The usual size, in bytes: a page.</summary>
    public const int BlockSize = 4096;

    private const int PerThread = 16;
    private const int Shared = 1024;

    [ThreadStatic]
    private static Cache? Local;

    private readonly ConcurrentQueue<SocketBlock> _shared = new();
    private readonly bool _counted;
    private int _sharedCount;
    private int _rented;

    /// <summary>Makes a pool.</summary>
    /// <param name="counted">Whether <see cref="Rented"/> counts; for tests, as the count is shared by all threads.</param>
    public SocketBlockPool(bool counted = false) => _counted = counted;

    /// <summary>Gets the pool of the process.</summary>
    public static SocketBlockPool Default { get; } = new();

    /// <summary>Gets how many blocks are out, where they are counted.</summary>
    public int Rented => Volatile.Read(ref _rented);

    /// <summary>Lends a block, which the caller owns until <see cref="Return"/>.</summary>
    /// <param name="size">The least size, in bytes.</param>
    /// <returns>A fresh block; what its array holds is undefined.</returns>
    public SocketBlock Rent(int size = BlockSize)
    {
        if (_counted)
        {
            Interlocked.Increment(ref _rented);
        }

        if (size > BlockSize)
        {
            return new SocketBlock(ArrayPool<byte>.Shared.Rent(size));
        }

        if (Local is { Count: > 0 } local)
        {
            return local.Blocks[--local.Count];
        }

        if (_shared.TryDequeue(out var block))
        {
            Interlocked.Decrement(ref _sharedCount);
            return block;
        }

        return new SocketBlock(GC.AllocateUninitializedArray<byte>(BlockSize));
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="block">Not used by anyone any more.</param>
    public void Return(SocketBlock block)
    {
        if (_counted)
        {
            Interlocked.Decrement(ref _rented);
        }

        block.Reset();
        if (block.Array.Length != BlockSize)
        {
            ArrayPool<byte>.Shared.Return(block.Array);
            return;
        }

        var local = Local ??= new Cache();
        if (local.Count < PerThread)
        {
            local.Blocks[local.Count++] = block;
        }
        else if (Volatile.Read(ref _sharedCount) < Shared)
        {
            Interlocked.Increment(ref _sharedCount);
            _shared.Enqueue(block);
        }
    }

    private sealed class Cache
    {
        public readonly SocketBlock[] Blocks = new SocketBlock[PerThread];
        public int Count;
    }
}
