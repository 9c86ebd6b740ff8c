using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>What a connection that says nothing costs the server in resident memory.</summary>
/// <remarks>
/// The slope of the second half is the figure to use: the first connections hide in memory that the process already has.
/// </remarks>
internal static class IdleScenario
{
    private const int Steps = 10;

    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        var wanted = options.ConnectionsOr(1000);
        var tally = new Tally();
        var open = new List<ClientConnection>(wanted);
        var held = new List<Task>(wanted);
        var samples = new List<(double Connections, double Bytes)>(Steps + 1);
        try
        {
            await SampleAsync(0);
            for (var step = 1; step <= Steps && !tally.Failed; step++)
            {
                var count = (wanted * step / Steps) - open.Count;
                var more = count == 0 ? [] : await ConnectionOpener.OpenAsync(count, target, options, tally, 256, 0, deadline);
                open.AddRange(more);
                await TouchAsync(more, target, options, tally);
                held.AddRange(more.Select(HoldAsync));
                await SampleAsync(open.Count);
            }

            tally.Lose(held.Count(connection => connection.IsCompleted), "the server ended an idle connection");
            return [Describe(options, target, open.Count, samples, tally)];
        }
        finally
        {
            foreach (var connection in open)
            {
                connection.Dispose();
            }

            await Task.WhenAll(held);
        }

        async Task SampleAsync(int connections)
        {
            await Task.Delay(options.Settle, deadline);
            if (ServerProcess.ReadRss(target.Pid) is { } rss)
            {
                samples.Add((connections, rss));
            }
        }
    }

    private static Report Describe(
        LoadOptions options, Target target, int open, List<(double Connections, double Bytes)> samples, Tally tally)
    {
        var report = new Report("idle")
            .Add("server", target.ToString())
            .Add("connections", open)
            .Add("touched", options.Touch);
        if (samples.Count > Steps / 2)
        {
            var half = samples.Where(s => s.Connections >= open / 2.0).ToList();
            report.Add("rss_before", (long)samples[0].Bytes)
                .Add("rss_after", (long)samples[^1].Bytes)
                .Add("bytes_each_mean", (samples[^1].Bytes - samples[0].Bytes) / Math.Max(1, open))
                .Add("bytes_each_slope", LeastSquares.Slope(half));
        }

        return report.AddTally(tally);
    }

    private static async Task TouchAsync(List<ClientConnection> connections, Target target, LoadOptions options, Tally tally)
    {
        if (!options.Touch)
        {
            return;
        }

        var line = new byte[options.Request(target).MaxBytes];
        var length = options.Request(target).Write(line, 1);
        foreach (var connection in connections)
        {
            try
            {
                using var limit = new CancellationTokenSource(options.Timeout);
                await connection.SendAsync(line.AsMemory(0, length));
                if (!await connection.ReceiveAsync(limit.Token))
                {
                    tally.Close("the server ended a connection instead of answering");
                }
            }
            catch (Exception e) when (ClientConnection.IsEnd(e) || e is OperationCanceledException)
            {
                tally.Lose(1, e.Message);
            }
        }
    }

    /// <summary>Reads, and answers pings, until the connection ends.</summary>
    private static async Task HoldAsync(ClientConnection connection)
    {
        connection.AnswersPings = true;
        try
        {
            do
            {
                while (connection.TryReadMessage(out _))
                {
                    // Dropped: only whether it lives matters.
                }
            }
            while (await connection.ReceiveAsync());
        }
        catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException)
        {
            // Ended all the same.
        }
    }
}
