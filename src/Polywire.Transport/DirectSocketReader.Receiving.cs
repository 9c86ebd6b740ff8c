using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Polywire.Transport;

/// <content>The side of the socket: waiting for bytes without memory, then one receive into a block.</content>
internal sealed partial class DirectSocketReader
{
    // Below this much room a receive goes to a new block: a short tail costs more calls than it saves memory.
    private const int LeastRoom = 512;

    // A peer that fills whole blocks gets larger ones, up to this; measured with 1 MiB messages.
    private const int LargestBlock = 128 * 1024;

    /// <summary>Takes note that a receive is worth trying, or that there is no use in waiting.</summary>
    /// <param name="error">Why.</param>
    public void OnReadable(SocketError error)
    {
        while (true)
        {
            lock (_connection.Gate)
            {
                _armed = false;
                if (_lingering)
                {
                    break;
                }

                if (!_pending)
                {
                    // Canceled meanwhile; the next read looks for itself.
                    _more = true;
                    return;
                }

                _pending = false;
                _receiving = true;
            }

            if (error != SocketError.Success)
            {
                Break(error);
            }

            var deliver = _error is not null || Receive();
            lock (_connection.Gate)
            {
                _receiving = false;
                if (_completed)
                {
                    ReleaseBlocks();
                    return;
                }

                deliver |= _canceled || _error is not null;
                if (!deliver)
                {
                    _pending = true;
                    _armed = true;
                }
            }

            if (deliver)
            {
                DirectSocketConnection.RunTurn(_connection, ref _wait);
                return;
            }

            if (_connection.WaitReadable(out error))
            {
                return;
            }
        }

        Linger();
    }

    /// <summary>Ends the reader with an error; a waiting consumer gets it.</summary>
    /// <param name="error">Thrown by every read from now on, unless there was one before.</param>
    public void Fail(Exception error)
    {
        lock (_connection.Gate)
        {
            _error ??= error;
        }

        Wake();
    }

    /// <summary>Discards what still comes until the peer ends too, then closes the connection.</summary>
    /// <remarks>Called once, after both sides have completed.</remarks>
    public void Linger()
    {
        var block = _connection.Pool.Rent();
        try
        {
            while (true)
            {
                var bytes = _connection.Receive(block.Array, out var error);
                if (bytes == 0 && error == SocketError.WouldBlock)
                {
                    lock (_connection.Gate)
                    {
                        _lingering = true;
                        if (_armed)
                        {
                            return;
                        }

                        _armed = true;
                    }

                    if (_connection.WaitReadable(out _))
                    {
                        return;
                    }

                    lock (_connection.Gate)
                    {
                        _armed = false;
                    }
                }
                else if (bytes == 0)
                {
                    _connection.Close();
                    return;
                }
            }
        }
        finally
        {
            _connection.Pool.Return(block);
        }
    }

    // Returns whether the consumer has something to see: bytes, the end, or an error.
    private bool Receive()
    {
        var block = _last;
        if (block is null || block.Free < LeastRoom)
        {
            block = _connection.Pool.Rent(_blockSize);
        }

        var room = block.Free;
        var bytes = _connection.Receive(block.Array.AsSpan(block.Filled), out var error);
        if (bytes == 0)
        {
            if (block != _last)
            {
                _connection.Pool.Return(block);
            }

            _more = false;
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            if (error == SocketError.Success)
            {
                _ended = true;
            }
            else
            {
                Break(error);
            }

            return true;
        }

        if (block != _last)
        {
            _last?.Append(block);
            _last = block;
            _first ??= block;
        }

        block.Fill(bytes);
        _examined = false;
        _more = bytes == room || _connection.MayStopShort;
        _blockSize = bytes == room ? Math.Min(_blockSize * 2, LargestBlock)
            : bytes < _blockSize / 4 ? Math.Max(_blockSize / 2, SocketBlockPool.BlockSize)
            : _blockSize;
        return true;
    }

    private void Break(SocketError error)
    {
        var cause = new SocketException((int)error);
        _connection.OnBroken(new ConnectionResetException(cause.Message, cause));
    }

    private void ReleaseBlocks()
    {
        while (_first is { } block)
        {
            _first = block.NextBlock;
            _connection.Pool.Return(block);
        }

        _last = null;
        _start = 0;
    }
}
