using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>How fast one word reaches a room, and whether members that never read hold up those that do.</summary>
internal static class FanoutScenario
{
    /// <summary>Kernel buffer of a member that never reads: small, so that the server soon has to keep its messages.</summary>
    private const int StalledBufferBytes = 4096;

    private static readonly TimeSpan StalledWait = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        var tally = new Tally();
        var members = new List<FanoutMember>(options.Listeners + 1);
        try
        {
            var speaker = await JoinAsync(1, options, target, tally, 0, deadline);
            var listeners = await JoinAsync(options.Listeners, options, target, tally, 0, deadline);
            if (tally.Failed)
            {
                return [new Report("fanout").Add("server", target.ToString()).AddTally(tally)];
            }

            var say = target.Dialect.Say(options.Room, options.Payload);
            var room = new FanoutRoom(new MessageSender(speaker[0]), say, listeners.Count, options.InFlight, tally);
            members.Add(new FanoutMember(speaker[0], tally, null));
            members.AddRange(listeners.Select(line => new FanoutMember(line, tally, room)));

            var reports = new List<Report> { await MeasureAsync(room, "alone", options, target, tally, deadline) };
            if (options.Stalled > 0)
            {
                reports.Add(await MeasureBesideStalledAsync(room, options, target, tally, deadline));
            }

            return reports;
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    private static async Task<Report> MeasureAsync(
        FanoutRoom room, string name, LoadOptions options, Target target, Tally tally, CancellationToken deadline)
    {
        room.Start();
        await Task.Delay(options.Warmup, deadline);
        var cpu = new CpuMeter(target.Pid);
        var said = room.Said;
        var phase = room.Recorder.Begin(name);
        await Task.Delay(options.Duration, deadline);
        phase.End();
        cpu.End();
        said = room.Said - said;
        await room.DrainAsync(options.Timeout);

        var report = new Report("fanout", name)
            .Add("server", target.ToString())
            .Add("listeners", options.Listeners)
            .Add("in_flight", options.InFlight)
            .Add("messages_per_s", said / phase.Seconds)
            .Add("rps", phase.PerSecond)
            .AddLatency(phase.Latency);
        cpu.AddTo(report, phase.Answers);
        report.AddTally(tally);
        report.Failed |= phase.Answers == 0;
        return report;
    }

    private static async Task<Report> MeasureBesideStalledAsync(
        FanoutRoom room, LoadOptions options, Target target, Tally tally, CancellationToken deadline)
    {
        var before = ServerProcess.ReadRss(target.Pid);
        await using var memory = new MemoryWatch(target.Pid);
        var stalled = await JoinAsync(options.Stalled, options, target, tally, StalledBufferBytes, deadline);
        var report = await MeasureAsync(room, "beside stalled", options, target, tally, deadline);
        report.Add("stalled", stalled.Count)
            .Add("stalled_cut", await CountCutAsync(stalled))
            .Add("rss_before", before)
            .Add("rss_peak", memory.Peak);
        foreach (var connection in stalled)
        {
            connection.Dispose();
        }

        await Task.Delay(options.Settle, deadline);
        return report.Add("rss_after", ServerProcess.ReadRss(target.Pid));
    }

    private static async Task<List<ClientConnection>> JoinAsync(
        int count, LoadOptions options, Target target, Tally tally, int kernelBytes, CancellationToken deadline)
    {
        var lines = await ConnectionOpener.OpenAsync(count, target, options, tally, 4096, kernelBytes, deadline);
        foreach (var line in lines)
        {
            try
            {
                var answer = await line.AskAsync(target.Dialect.Verb("roomAdd", options.Room), options.Timeout);
                if (answer.Contains("\"error\":", StringComparison.Ordinal))
                {
                    tally.Error(answer);
                }
            }
            catch (Exception e) when (ClientConnection.IsEnd(e))
            {
                tally.Close(e.Message);
            }
        }

        return lines;
    }

    /// <summary>Reads what waits for those that never read, to see which of them the server has let go.</summary>
    private static async Task<int> CountCutAsync(List<ClientConnection> stalled)
    {
        var cut = await Task.WhenAll(stalled.Select(async connection =>
        {
            try
            {
                return await connection.ReadToEndAsync(StalledWait);
            }
            catch (Exception e) when (ClientConnection.IsEnd(e))
            {
                return true;
            }
        }));
        return cut.Count(ended => ended);
    }
}
