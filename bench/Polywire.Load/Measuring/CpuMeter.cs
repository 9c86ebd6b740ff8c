namespace Polywire.Load.Measuring;

/// <summary>CPU time of the server and of this program over one stretch. Begins when made.</summary>
internal sealed class CpuMeter(int pid)
{
    private readonly long _from = Clock.Now;
    private readonly TimeSpan? _server = ServerProcess.ReadCpu(pid);
    private readonly TimeSpan _own = Environment.CpuUsage.TotalTime;
    private TimeSpan? _serverUsed;
    private TimeSpan _ownUsed;
    private double _seconds;

    public void End()
    {
        _serverUsed = ServerProcess.ReadCpu(pid) - _server;
        _ownUsed = Environment.CpuUsage.TotalTime - _own;
        _seconds = (Clock.Now - _from) / (double)Clock.Second;
    }

    /// <summary>Adds cores used by each side, and the server's CPU microseconds for one of <paramref name="count"/>.</summary>
    public void AddTo(Report report, long count)
    {
        if (_serverUsed is { } used)
        {
            report.Add("server_us", count > 0 ? used.TotalMicroseconds / count : null);
            report.Add("server_cores", used.TotalSeconds / _seconds);
        }

        report.Add("load_cores", _ownUsed.TotalSeconds / _seconds);
    }
}
