namespace Polywire.Sockhop.Connections;

/// <content>The line of messages whose senders wait for room.</content>
internal sealed partial class Connection
{
    private readonly LinkedList<HeldFrame> _held = new();

    /// <summary>Takes a message out of the line.</summary>
    /// <returns>Whether it was still there.</returns>
    public bool Leave(HeldFrame held)
    {
        lock (_gate)
        {
            if (held.Place.List is null)
            {
                return false;
            }

            _held.Remove(held.Place);

            // It may have been the large one that the next ones had to wait behind.
            AdmitHeldFrames();
        }

        FlushHeldBack();
        return true;
    }

    // Under the gate, like everything below that does not wait.
    private bool HasRoomFor(in OutboundFrame frame) => _queued == 0 || _queued + QueuedLength(frame) <= _settings.SendQueueLimit;

    private HeldFrame Hold(in OutboundFrame frame)
    {
        CheckForm(frame);
        var held = new HeldFrame(this, frame);
        _held.AddLast(held.Place);
        return held;
    }

    private void AdmitHeldFrames()
    {
        while (_held.First is { Value: var held } && HasRoomFor(held.Frame))
        {
            _held.RemoveFirst();
            Admit(held);
        }
    }

    private void Admit(HeldFrame held)
    {
        try
        {
            var completion = Append(_barrier ? _behindBarrier : _outbound, held.Frame);
            if (completion is null)
            {
                held.TrySetResult();
            }
            else
            {
                held.Follow(completion.Task);
            }
        }
        catch (SockhopException exception)
        {
            held.TrySetException(exception);
        }
    }

    private void FailHeldFrames(SockhopException error)
    {
        while (_held.First is { Value: var held })
        {
            _held.RemoveFirst();
            held.TrySetException(error);
        }
    }

    private static async Task WaitForRoomAsync(HeldFrame held, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static (held, token) => ((HeldFrame)held!).GiveUp(token), held).ConfigureAwait(false))
        {
            await held.Task.ConfigureAwait(false);
        }
    }

    // A request that has ended before it could be written is not written any more.
    private static async Task WaitForRoomAsync(HeldFrame held, PendingRequest request)
    {
        if (await Task.WhenAny(held.Task, request.Ended).ConfigureAwait(false) != held.Task)
        {
            held.GiveUp(CancellationToken.None);
        }

        await held.Task.ConfigureAwait(false);
    }
}
