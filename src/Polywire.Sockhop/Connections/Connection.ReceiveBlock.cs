namespace Polywire.Sockhop.Connections;

/// <content>Where received bytes lie until they are messages; the reader's thread only.</content>
internal sealed partial class Connection
{
    private const int SmallBlock = 4 << 10;
    private const int UsualBlock = 64 << 10;

    // After a large message the next one gets a block of its size at once, up to this.
    private const int MostHinted = 4 << 20;
    private const int SmallMessagesUntilShrinking = 64;

    private ReceiveBlock _block;
    private int _start;
    private int _end;
    private int _scanned;
    private int _needed;
    private int _hint;
    private int _smallSinceLarge;
    private bool _grow;

    /// <summary>Where the next bytes go.</summary>
    private Memory<byte> Room()
    {
        var length = _end - _start;
        if (IsDeaf)
        {
            (_start, _end, _scanned, _needed, length) = (0, 0, 0, 0, 0);
        }

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
        else if (_needed > _block.Array.Length || length == _block.Array.Length)
        {
            // Not more than twice of what has come, whatever the peer says is to come.
            var wanted = Math.Max(Math.Min(2L * _block.Array.Length, Array.MaxLength), _hint);
            if (length == _block.Array.Length || wanted >= _needed)
            {
                Replace((int)(_needed > 0 ? Math.Max(Math.Min(wanted, _needed), length + 1) : wanted));
            }
            else
            {
                Compact();
            }
        }
        else if (_end == _block.Array.Length || _start + (long)_needed > _block.Array.Length)
        {
            Compact();
        }

        var room = _block.Array.AsMemory(_end);

        // The rest of a long message by itself: what follows then begins a block, and nothing has to be moved.
        var missing = _needed - (_end - _start);
        return missing >= UsualBlock && missing < room.Length ? room[..missing] : room;
    }

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

    private void Remember(int length)
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
}
