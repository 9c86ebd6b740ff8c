using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>What a line, or a message in fragments, that never ends does to the server's memory and to others.</summary>
internal static class FloodScenario
{
    private const int ChunkBytes = 64 << 10;
    private const byte UnfinishedText = 0x01;
    private const byte UnfinishedContinuation = 0x00;

    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        await using var probe = await Probe.StartAsync(target, options, deadline);
        await Task.Delay(options.Warmup, deadline);
        probe.Begin("before");
        await Task.Delay(options.Duration, deadline);
        var before = ServerProcess.ReadRss(target.Pid);

        await using var memory = new MemoryWatch(target.Pid);
        var cpu = new CpuMeter(target.Pid);
        probe.Begin("during");
        var from = Clock.Now;
        using var flood = await ClientConnection.OpenAsync(target, options.Timeout, deadline);
        var answer = ReadFirstAsync(flood, deadline);
        var end = await SendAsync(flood, target.Dialect, options, deadline);
        var seconds = (Clock.Now - from) / (double)Clock.Second;
        cpu.End();

        probe.Begin("after");
        await Task.Delay(options.Duration, deadline);
        await probe.FinishAsync(options.Timeout);
        var during = ServerProcess.ReadRss(target.Pid);
        flood.Dispose();
        await Task.Delay(options.Settle, deadline);

        var report = new Report("flood")
            .Add("server", target.ToString())
            .Add("bytes_wanted", options.Bytes)
            .Add("bytes_taken", flood.BytesOut)
            .Add("mb_per_s", flood.BytesOut / seconds / 1e6)
            .Add("end", end)
            .Add("answer", await answer)
            .Add("rss_before", before)
            .Add("rss_peak", memory.Peak)
            .Add("rss_while_open", during)
            .Add("rss_after", ServerProcess.ReadRss(target.Pid));
        cpu.AddTo(report, flood.BytesOut >> 20);
        return [report, .. ProbeReports.Of("flood", probe)];
    }

    /// <summary>Sends until all is taken, the server ends the connection, or it takes nothing for the time-out.</summary>
    private static async Task<string> SendAsync(ClientConnection flood, Dialect dialect, LoadOptions options, CancellationToken deadline)
    {
        var chunk = Chunk(dialect, UnfinishedText);
        var next = Chunk(dialect, UnfinishedContinuation);
        try
        {
            for (var left = options.Bytes; left > 0; left -= ChunkBytes, chunk = next)
            {
                await flood.SendAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length))).AsTask().WaitAsync(options.Timeout, deadline);
            }

            return "taken whole";
        }
        catch (TimeoutException)
        {
            return "no longer read";
        }
        catch (Exception e) when (ClientConnection.IsEnd(e))
        {
            return "ended by the server";
        }
    }

    private static byte[] Chunk(Dialect dialect, byte first)
    {
        var chunk = new byte[ClientFrame.MaxHeadBytes + ChunkBytes];
        var head = dialect.IsFramed ? ClientFrame.WriteHead(chunk, ChunkBytes, first) : 0;
        chunk.AsSpan(head).Fill((byte)'x');
        return chunk[..(head + ChunkBytes)];
    }

    /// <summary>The first line that the server answers, if any, while the connection is open.</summary>
    private static async Task<string?> ReadFirstAsync(ClientConnection flood, CancellationToken deadline)
    {
        string? first = null;
        try
        {
            while (await flood.ReceiveAsync(deadline))
            {
                first ??= Take(flood);
            }
        }
        catch (Exception e) when (ClientConnection.IsEnd(e) || e is OperationCanceledException)
        {
            // However it ended: what had arrived by then is the result.
        }

        return first;
    }

    private static string? Take(ClientConnection flood) =>
        flood.TryReadMessage(out var line) ? MessageScanner.Show(line) : null;
}
