namespace Polywire.Sockhop.Connections;

/// <content>What holds messages back behind the switch to binary until the other is known to read it.</content>
internal sealed partial class Connection
{
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan ProbeStep = TimeSpan.FromMilliseconds(25);

    private readonly List<Guid> _probes = [];
    private readonly OutboundQueue _behindBarrier = new();
    private bool _barrier;
    private ITimer? _probeTimer;
    private ITimer? _probeEndTimer;
    private TimeSpan _probePause = TimeSpan.FromMilliseconds(50);

    // At the end there has to be time left to write what was held back.
    private TimeSpan ProbeLimit => _phase == Phase.Closing && _settings.CloseTimeout / 2 < _settings.BinaryProbeTimeout
        ? _settings.CloseTimeout / 2
        : _settings.BinaryProbeTimeout;

    // A Node peer loses what shares a read with the line that switches. A ping that comes back proves that it reads binary now.
    private void BeginProbing()
    {
        lock (_gate)
        {
            if (!_barrier)
            {
                return;
            }

            _probeTimer = _settings.Time.CreateGuardedTimer(
                static connection => connection.Probe(), this, FirstProbe);
            _probeEndTimer = _settings.Time.CreateGuardedTimer(
                static connection => connection.EndProbing(), this, ProbeLimit);
        }
    }

    private void Probe()
    {
        var id = Guid.NewGuid();
        lock (_gate)
        {
            if (!_barrier || IsClosed)
            {
                return;
            }

            _probes.Add(id);
            _probeTimer!.Change(_probePause, Timeout.InfiniteTimeSpan);
            _probePause += ProbeStep;
        }

        SendPing(id);
    }

    private bool TakeProbeAnswer(Guid id)
    {
        lock (_gate)
        {
            if (!_probes.Contains(id))
            {
                return false;
            }
        }

        EndProbing();
        return true;
    }

    private void EndProbing()
    {
        lock (_gate)
        {
            if (!_barrier)
            {
                return;
            }

            ReleaseBarrier();
        }

        FlushHeldBack();
        SettleHandshake();
        _inbox.DrainSoon();
    }

    // At the end; under the gate. Who hears nothing any more waits for no proof.
    private void KeepOrReleaseBarrier()
    {
        if (_barrier && (_readerEnded || IsDeaf || (_behindBarrier.IsEmpty && _held.Count == 0)))
        {
            ReleaseBarrier();
        }
        else if (_barrier && ProbeLimit < _settings.BinaryProbeTimeout)
        {
            _probeEndTimer?.Change(ProbeLimit, Timeout.InfiniteTimeSpan);
        }
    }

    private void ReleaseBarrier()
    {
        _barrier = false;
        _outbound.Append(_behindBarrier);
        _probeTimer?.Dispose();
        _probeEndTimer?.Dispose();
    }
}
