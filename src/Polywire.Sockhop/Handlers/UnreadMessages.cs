using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Polywire.Sockhop.Handlers;

/// <summary>Messages on their way to the one who reads them.</summary>
/// <remarks>
/// While its connection lasts, one message waits here for its reader and the others where everything that was received waits, so that the peer
/// is held up. What waits when a connection ends comes here, the latest of it up to the bound. Safe for any thread.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks the semaphores for a handle, which is all there is to dispose of.")]
internal sealed class UnreadMessages(long limit)
{
    private readonly Lock _gate = new();
    private readonly WaitingMessages _messages = new(limit);
    private readonly SemaphoreSlim _room = new(1, 1);
    private readonly SemaphoreSlim _news = new(0, 1);
    private bool _isComplete;

    /// <summary>Adds a message once there is room, or its connection has ended.</summary>
    public async ValueTask AddAsync(SockhopMessage message, CancellationToken ended)
    {
        message.Own();
        await _room.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _messages.Add(message);
            Signal();
        }
    }

    /// <summary>Lets the reader end when it has read what there is.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Signal();
        }
    }

    public async IAsyncEnumerable<SockhopMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            SockhopMessage? message;
            bool isComplete;
            lock (_gate)
            {
                isComplete = _isComplete;
                if (_messages.TryTake(out message) && _messages.IsEmpty && _room.CurrentCount == 0)
                {
                    _room.Release();
                }
            }

            if (message is not null)
            {
                yield return message;
            }
            else if (isComplete)
            {
                yield break;
            }
            else
            {
                await _news.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Signal()
    {
        if (_news.CurrentCount == 0)
        {
            _news.Release();
        }
    }
}
