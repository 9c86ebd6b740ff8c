using System.Globalization;

namespace Polywire.BuiltIn;

/// <summary>Measures what <c>status</c> tells (core.md B-1).</summary>
internal sealed class NodeHealth(TimeProvider time)
{
    private const double MaxMemoryMegabytes = 500;
    private const double MaxThreadPoolDelayMilliseconds = 10;

    private readonly long _started = time.GetTimestamp();

    public async ValueTask<NodeHealthReport> CheckAsync()
    {
        // How long a piece of work waits for a thread: what the event loop's delay is in Node.
        var queued = time.GetTimestamp();
        await Task.Yield();
        var delay = Math.Round(time.GetElapsedTime(queued).TotalMilliseconds, 2);
        var memory = Math.Round(Environment.WorkingSet / 1024.0 / 1024.0, 2);
        var problems = new List<string>();
        if (memory > MaxMemoryMegabytes)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Using more than {MaxMemoryMegabytes} MB of RAM/HEAP"));
        }

        if (delay > MaxThreadPoolDelayMilliseconds)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Thread pool delayed for more than {MaxThreadPoolDelayMilliseconds} ms"));
        }

        return new NodeHealthReport(problems, (long)time.GetElapsedTime(_started).TotalMilliseconds, memory, delay);
    }
}

/// <summary>How the node is.</summary>
internal sealed record NodeHealthReport(
    IReadOnlyList<string> Problems, long UptimeMilliseconds, double MemoryMegabytes, double ThreadPoolDelayMilliseconds);
