using System.Diagnostics;
using System.Globalization;

namespace Polywire.Load.Measuring;

/// <summary>Reads what the server process uses. Everything is null where no pid was given, or where the process is gone.</summary>
internal static class ServerProcess
{
    /// <summary>Resident memory in bytes, from /proc (Linux).</summary>
    public static long? ReadRss(int pid)
    {
        if (pid == 0)
        {
            return null;
        }

        try
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    return long.Parse(line.AsSpan(6, line.Length - 9).Trim(), CultureInfo.InvariantCulture) * 1024;
                }
            }
        }
        catch (IOException)
        {
            // The process ended; the run reports that by itself.
        }

        return null;
    }

    /// <summary>CPU time so far, user and system.</summary>
    public static TimeSpan? ReadCpu(int pid)
    {
        if (pid == 0)
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
