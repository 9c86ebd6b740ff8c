using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Options;
using Polywire.Pipeline;

namespace Polywire.BuiltIn;

/// <summary>Measures what <c>status</c> and the health check tell (core.md B-1).</summary>
[Experimental("PWX0001")]
public sealed class NodeHealth(TimeProvider time, ServerState state, IOptions<StatusOptions> options, IEnumerable<INodeProblem> told)
{
    /// <summary>Measures now.</summary>
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

        foreach (var source in told)
        {
            if (source.Problem is { } problem)
            {
                problems.Add(problem);
            }
        }

        return new NodeHealthReport
        {
            Problems = problems,
            UptimeMilliseconds = (long)state.Uptime.TotalMilliseconds,
            MemoryMegabytes = memory,
            ThreadPoolDelayMilliseconds = delay,
        };
    }
}

/// <summary>How the node is.</summary>
[Experimental("PWX0001")]
public sealed class NodeHealthReport
{
    /// <summary>What is wrong, in words for operators; empty where nothing is.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>How long it has been since the host began to start.</summary>
    public required long UptimeMilliseconds { get; init; }

    /// <summary>The working set of the process.</summary>
    public required double MemoryMegabytes { get; init; }

    /// <summary>How long a piece of work waits for a thread.</summary>
    public required double ThreadPoolDelayMilliseconds { get; init; }
}
