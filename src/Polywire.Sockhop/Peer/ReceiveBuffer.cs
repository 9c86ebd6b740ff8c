namespace Polywire.Sockhop.Peer;

/// <summary>Where received bytes lie until they are messages. For the reader alone.</summary>
/// <remarks>
/// Receive into <see cref="Room"/>, tell <see cref="Add"/> how much has come, take what is whole with <see cref="Take"/>. The block grows only
/// with what has come, whatever the peer says is to come, and a message may keep it (<see cref="Share"/>).
/// </remarks>
internal sealed class ReceiveBuffer
{
    public const int SmallBlock = 4 << 10;
    public const int UsualBlock = 64 << 10;

    // After a large message the next one gets a block of its size at once, up to this.
    private const int MostHinted = 4 << 20;
    private const int SmallMessagesUntilShrinking = 64;

    private ReceiveBlock _block = new(SmallBlock);
    private int _start;
    private int _end;
    private int _scanned;
    private int _hint;
    private int _smallSinceLarge;
    private bool _grow;

    /// <summary>How many bytes the block has.</summary>
    public int Size => _block.Array.Length;

    /// <summary>How many bytes have come and were not taken.</summary>
    public int Length => _end - _start;

    /// <summary>Those bytes.</summary>
    public Span<byte> Unread => _block.Array.AsSpan(_start, _end - _start);

    /// <summary>How many of those were looked at in vain.</summary>
    public int Scanned
    {
        get => _scanned - _start;
        set => _scanned = _start + value;
    }

    /// <summary>How many bytes there have to be before the message is whole; 0 where that is not known.</summary>
    public int Needed { get; set; }

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room()
    {
        var length = _end - _start;
        if (_block.IsShared)
        {
            Replace(Math.Max(length + SmallBlock, Math.Max(_hint, UsualBlock)));
        }
        else if (length == 0)
        {
            (_start, _end, _scanned) = (0, 0, 0);
            // A large block is the pool's again while nothing is on its way: many that wait would hold more than those that send.
            if (_block.Array.Length > UsualBlock * 2)
            {
                Replace(UsualBlock);
            }
            else if (_grow && _block.Array.Length < UsualBlock)
            {
                Replace(UsualBlock);
            }
        }
        else if (Needed > _block.Array.Length || length == _block.Array.Length)
        {
            // Not more than twice of what has come, whatever the peer says is to come.
            var wanted = Math.Max(Math.Min(2L * _block.Array.Length, Array.MaxLength), _hint);
            if (length == _block.Array.Length || wanted >= Needed)
            {
                Replace((int)(Needed > 0 ? Math.Max(Math.Min(wanted, Needed), length + 1) : wanted));
            }
            else
            {
                Compact();
            }
        }
        else if (_end == _block.Array.Length || _start + (long)Needed > _block.Array.Length)
        {
            Compact();
        }

        var room = _block.Array.AsMemory(_end);

        // The rest of a long message by itself: what follows then begins a block, and nothing has to be moved.
        var missing = Needed - (_end - _start);
        return missing >= UsualBlock && missing < room.Length ? room[..missing] : room;
    }

    /// <summary>Notes that bytes have come into the <see cref="Room"/>.</summary>
    /// <returns>Them.</returns>
    public ReadOnlySpan<byte> Add(int count)
    {
        _grow = _end + count == _block.Array.Length;
        _end += count;
        return _block.Array.AsSpan(_end - count, count);
    }

    /// <summary>Takes bytes off, which stay where they are until the next <see cref="Room"/>.</summary>
    /// <returns>Where in the block they begin.</returns>
    public int Take(int count)
    {
        var start = _start;
        _start += count;
        _scanned = _start;
        return start;
    }

    /// <summary>Throws everything away that has come.</summary>
    public void Clear() => (_start, _end, _scanned, Needed) = (0, 0, 0, 0);

    /// <summary>Keeps bytes where they are, beyond the next <see cref="Room"/>.</summary>
    /// <param name="start">Where in the block they begin.</param>
    /// <param name="count">How many.</param>
    /// <param name="block">To be released by whoever keeps them.</param>
    public ReadOnlyMemory<byte> Share(int start, int count, out ReceiveBlock block)
    {
        block = _block;
        block.Retain();
        return block.Array.AsMemory(start, count);
    }

    /// <summary>Notes how long a message was, so that the next one finds room.</summary>
    public void Remember(int length)
    {
        if (length > UsualBlock)
        {
            _hint = Math.Min(length, MostHinted);
            _smallSinceLarge = 0;
        }
        else if (_hint > 0 && ++_smallSinceLarge > SmallMessagesUntilShrinking)
        {
            _hint = 0;
        }
    }

    /// <summary>Lets go of the block; nothing may be asked for afterwards.</summary>
    public void Release() => _block.Release();

    private void Compact()
    {
        if (_start > 0)
        {
            _block.Array.AsSpan(_start, _end - _start).CopyTo(_block.Array);
            Shift(0);
        }
    }

    private void Replace(int size)
    {
        var block = new ReceiveBlock(size);
        _block.Array.AsSpan(_start, _end - _start).CopyTo(block.Array);
        _block.Release();
        _block = block;
        Shift(0);
    }

    private void Shift(int start)
    {
        _scanned = Math.Max(start, _scanned - _start + start);
        _end = _end - _start + start;
        _start = start;
    }
}
