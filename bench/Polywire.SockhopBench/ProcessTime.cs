using System.Diagnostics;

namespace Polywire.SockhopBench;

/// <summary>CPU time of a process, on all its threads.</summary>
internal static class ProcessTime
{
    public static TimeSpan Own => Of(Environment.ProcessId);

    public static TimeSpan Of(int id)
    {
        if (id == 0)
        {
            return TimeSpan.Zero;
        }

        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
