namespace Polywire.Load.Wire;

/// <summary>Queues lines for a connection and hands all that wait to the system in one write.</summary>
/// <remarks>Safe from any thread. Bounded by its caller, who never has more than a fixed number of requests in flight.</remarks>
internal sealed class MessageSender(ClientConnection connection)
{
    private readonly Lock _gate = new();
    private byte[] _queued = new byte[256];
    private byte[] _leaving = new byte[256];
    private int _count;
    private bool _sending;
    private Task _unfinished = Task.CompletedTask;

    /// <summary>Adds a line; nothing is sent before <see cref="Flush"/>.</summary>
    public void Append(RequestTemplate template, long id)
    {
        lock (_gate)
        {
            if (_queued.Length - _count < template.MaxBytes)
            {
                Array.Resize(ref _queued, Math.Max(_queued.Length * 2, _count + template.MaxBytes));
            }

            _count += template.Write(_queued.AsSpan(_count), id);
        }
    }

    /// <summary>Starts sending unless that is under way, in which case it goes on with what was added.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_sending || _count == 0)
            {
                return;
            }

            _sending = true;
        }

        var send = SendAsync();
        if (!send.IsCompleted)
        {
            var task = send.AsTask();
            lock (_gate)
            {
                _unfinished = _unfinished.IsCompleted ? task : Task.WhenAll(_unfinished, task);
            }
        }
    }

    /// <summary>Waits for a send under way; call it after the connection was disposed.</summary>
    public Task FinishAsync()
    {
        lock (_gate)
        {
            return _unfinished;
        }
    }

    private async ValueTask SendAsync()
    {
        while (true)
        {
            int count;
            lock (_gate)
            {
                if (_count == 0)
                {
                    _sending = false;
                    return;
                }

                (_queued, _leaving, count, _count) = (_leaving, _queued, _count, 0);
            }

            try
            {
                await connection.SendAsync(_leaving.AsMemory(0, count));
            }
            catch (Exception e) when (ClientConnection.IsEnd(e))
            {
                // The reader of the connection sees its end too and reports it; here nothing more can leave.
                return;
            }
        }
    }
}
