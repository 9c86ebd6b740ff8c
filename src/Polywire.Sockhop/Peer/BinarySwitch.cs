namespace Polywire.Sockhop.Peer;

/// <summary>The switch of what is sent to binary, and the proof that the other reads it.</summary>
/// <remarks>
/// A Node peer loses what shares a read with the line that switches, so messages of the application are held back behind it. A ping that comes
/// back proves that the peer reads binary now; after a while they are let go without proof. Safe for any thread; members that say so are called
/// under the gate.
/// </remarks>
internal sealed class BinarySwitch(Lock gate, Life life, Writer writer, Pings pings, ConnectionSettings settings, ISwitchOwner owner)
{
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseStep = TimeSpan.FromMilliseconds(25);

    private List<Guid>? _probes;
    private ITimer? _probeTimer;
    private ITimer? _endTimer;

    // At the end there has to be time left to write what was held back.
    private TimeSpan Limit => life.Stage == Stage.Closing && settings.CloseTimeout / 2 < settings.BinaryProbeTimeout
        ? settings.CloseTimeout / 2
        : settings.BinaryProbeTimeout;

    /// <summary>Asks for the proof, until it comes or the time is over.</summary>
    public void BeginProbing()
    {
        lock (gate)
        {
            if (!writer.HasBarrier)
            {
                return;
            }

            _probes = [];
            _probeTimer = settings.Time.CreateGuardedTimer(static self => self.Probe(), this, FirstProbe);
            _endTimer = settings.Time.CreateGuardedTimer(static self => self.EndProbing(), this, Limit);
        }
    }

    /// <summary>Takes an answered ping.</summary>
    /// <returns>Whether it was one of the proof.</returns>
    public bool TakeAnswer(Guid id)
    {
        lock (gate)
        {
            if (_probes is null || !_probes.Contains(id))
            {
                return false;
            }
        }

        EndProbing();
        return true;
    }

    /// <summary>Lets go what is held back, and tells the owner; does nothing where nothing is.</summary>
    public void EndProbing()
    {
        lock (gate)
        {
            if (!writer.HasBarrier)
            {
                return;
            }

            Release();
        }

        owner.OnReleased();
    }

    /// <summary>Lets go what is held back; under the gate.</summary>
    public void Release()
    {
        writer.Release();
        Stop();
    }

    /// <summary>When the connection closes; under the gate. Who hears nothing any more waits for no proof.</summary>
    /// <param name="hears">Whether the proof can still come.</param>
    public void KeepOrRelease(bool hears)
    {
        if (!writer.HasBarrier)
        {
            return;
        }

        if (!hears || writer.HoldsNothingBack)
        {
            Release();
        }
        else if (Limit < settings.BinaryProbeTimeout)
        {
            _endTimer?.Change(Limit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Stop()
    {
        _probeTimer?.Dispose();
        _endTimer?.Dispose();
    }

    private void Probe()
    {
        var id = Guid.NewGuid();
        lock (gate)
        {
            if (!writer.HasBarrier || life.IsClosed)
            {
                return;
            }

            _probeTimer!.Change(FirstPause + (_probes!.Count * PauseStep), Timeout.InfiniteTimeSpan);
            _probes.Add(id);
        }

        pings.Send(id);
    }
}
