namespace Polywire.Sockhop.Connections;

/// <content>Messages whose senders wait for room in the queue; under the gate.</content>
internal sealed partial class Connection
{
    private readonly Queue<HeldFrame> _held = new();

    private void AdmitHeldFrames()
    {
        while (_held.TryPeek(out var held))
        {
            if (!held.Task.IsCompleted)
            {
                if (_queued > 0 && _queued + held.Frame.DataLength > _settings.SendQueueLimit)
                {
                    return;
                }

                Admit(held);
            }

            _held.Dequeue();
        }
    }

    // At the end: what was accepted before is written, whatever the bound.
    private void ReleaseHeldFrames()
    {
        while (_held.TryDequeue(out var held))
        {
            if (!held.Task.IsCompleted)
            {
                Admit(held);
            }
        }

        ReleaseBarrier();
    }

    private void Admit(HeldFrame held)
    {
        // Claimed first, so that its sender cannot give up any more.
        if (!held.TryClaim())
        {
            return;
        }

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

    private static async ValueTask WaitForRoomAsync(HeldFrame held, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static (held, token) => ((HeldFrame)held!).GiveUp(token), held).ConfigureAwait(false))
        {
            await held.Task.ConfigureAwait(false);
        }
    }

    private void FailUnsent(SockhopException error)
    {
        while (_held.TryDequeue(out var held))
        {
            held.TrySetException(error);
        }

        _outbound.Clear(error);
        _behindBarrier.Clear(error);
    }
}
