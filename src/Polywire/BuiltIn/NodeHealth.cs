using System.Globalization;
using Microsoft.Extensions.Options;
using Polywire.Pipeline;

namespace Polywire.BuiltIn;

/// <summary>Measures what <c>status</c> and the health check tell (core.md B-1).</summary>
internal sealed class NodeHealth(TimeProvider time, ServerState state, IOptions<StatusOptions> options)
{
    public async ValueTask<NodeHealthReport> CheckAsync()
    {
        // How long a piece of work waits for a thread: what the event loop's delay is in Node.
        var queued = time.GetTimestamp();
        await Task.Yield();
        var delay = Math.Round(time.GetElapsedTime(queued).TotalMilliseconds, 2);
        var memory = Math.Round(Environment.WorkingSet / 1024.0 / 1024.0, 2);
        var maxMemory = options.Value.MaxHealthyMemoryMegabytes;
        var maxDelay = options.Value.MaxHealthyThreadPoolDelay.TotalMilliseconds;
        var problems = new List<string>();
        if (memory > maxMemory)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Using more than {maxMemory} MB of RAM/HEAP"));
        }

        if (delay > maxDelay)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Thread pool delayed for more than {maxDelay} ms"));
        }

        return new NodeHealthReport(problems, (long)state.Uptime.TotalMilliseconds, memory, delay);
    }
}

/// <summary>How the node is.</summary>
internal sealed record NodeHealthReport(
    IReadOnlyList<string> Problems, long UptimeMilliseconds, double MemoryMegabytes, double ThreadPoolDelayMilliseconds);
