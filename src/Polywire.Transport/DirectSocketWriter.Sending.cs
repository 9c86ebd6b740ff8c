using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Polywire.Transport;

/// <content>The side of the socket: one sender at a time, which takes regions until nothing is left.</content>
internal sealed partial class DirectSocketWriter : IThreadPoolWorkItem
{
    // Set under the lock by the one who sends from then on; the region is the sender's.
    private bool _sending;
    private ReadOnlyMemory<byte> _region;
    private SocketBlock? _regionBlock;

    // The region is memory of a caller, who waits for it.
    private volatile bool _borrowed;

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => SendQueued();

    /// <summary>Sends what has collected since a flush left the sending to others.</summary>
    public void SendQueued()
    {
        lock (_connection.Gate)
        {
            TakeRegion();
        }

        Send();
    }

    /// <summary>Goes on sending.</summary>
    /// <param name="sent">How many bytes of the region were taken meanwhile.</param>
    /// <param name="error">What became of them.</param>
    public void OnSent(int sent, SocketError error)
    {
        Apply(sent, error);
        Send();
    }

    /// <summary>Takes note that the connection is broken: drops what is left and lets a pending flush go.</summary>
    public void Fail()
    {
        bool wake;
        lock (_connection.Gate)
        {
            _dead = true;
            if (!_sending)
            {
                Drop();
            }

            wake = _flushPending && !_borrowed;
            _flushPending &= !wake;
        }

        if (wake)
        {
            WakeElsewhere();
        }
    }

    // Under the lock. Makes the caller the sender where there is something to send and nobody sends.
    private bool TryStart(bool take)
    {
        if (_sending || _unsent == 0)
        {
            return false;
        }

        _sending = !take || TakeRegion();
        return _sending;
    }

    private void Start(bool inline)
    {
        if (inline)
        {
            Send();
        }
        else
        {
            _connection.SendLater(this);
        }
    }

    // The sender's loop.
    private void Send()
    {
        while (true)
        {
            while (!_region.IsEmpty)
            {
                var sent = _connection.Send(_region.Span, out var error);
                if (error == SocketError.WouldBlock)
                {
                    if (_connection.WaitWritable(_region, out sent, out error))
                    {
                        return;
                    }
                }

                Apply(sent, error);
            }

            bool wake;
            bool more;
            lock (_connection.Gate)
            {
                if (_regionBlock is not null && _regionBlock != _block)
                {
                    _connection.Pool.Return(_regionBlock);
                }

                _regionBlock = null;
                var isGivenBack = _borrowed;
                _borrowed = false;
                more = _sending && TakeRegion();
                _sending = more;
                wake = _flushPending && (isGivenBack || _dead || (!_borrowed && _next.IsEmpty && _unsent < PauseBytes / 2));
                _flushPending &= !wake;
            }

            if (wake)
            {
                if (more)
                {
                    // This thread still has to send.
                    _wait.RunContinuationsAsynchronously = true;
                }

                _wait.SetResult(true);
            }

            if (!more)
            {
                EndIfDone();
                return;
            }
        }
    }

    // Under the lock, by the sender, whose last region is done.
    private bool TakeRegion()
    {
        if (_dead)
        {
            Drop();
            return false;
        }

        if (!_next.IsEmpty && _beforeNext == 0)
        {
            _region = _next;
            _next = default;
            _borrowed = true;
            return true;
        }

        if (_block is null || _flushed == _taken)
        {
            return false;
        }

        var length = _next.IsEmpty ? _flushed - _taken : _beforeNext;
        _regionBlock = _block;
        _region = new ReadOnlyMemory<byte>(_block.Array, _taken, length);
        _taken += length;
        _beforeNext = 0;
        if (!_writing && _taken == _flushed)
        {
            // From here on the block is the region's alone; new bytes go to another.
            _block = null;
            _written = _flushed = _taken = 0;
        }

        return true;
    }

    // Under the lock.
    private void Drop()
    {
        _unsent = 0;
        _next = default;
        _beforeNext = 0;
        if (!_writing && _block is not null)
        {
            if (_block != _regionBlock)
            {
                _connection.Pool.Return(_block);
            }

            _block = null;
            _written = 0;
            _taken = 0;
        }

        _flushed = _writing ? _written : 0;
        _taken = _flushed;
    }

    private void Apply(int sent, SocketError error)
    {
        if (error == SocketError.Success)
        {
            _region = _region[sent..];
            Interlocked.Add(ref _unsent, -sent);
            return;
        }

        _region = default;
        var cause = new SocketException((int)error);
        _connection.OnBroken(new ConnectionResetException(cause.Message, cause));
    }

    private void EndIfDone()
    {
        lock (_connection.Gate)
        {
            if (!_completed || _sending || _ended)
            {
                return;
            }

            _ended = true;
            if (_block is not null)
            {
                _connection.Pool.Return(_block);
                _block = null;
            }
        }

        _connection.OnOutputCompleted();
    }
}
