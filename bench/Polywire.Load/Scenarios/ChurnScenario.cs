using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>What connections that come and go cost the others, and what they leave behind.</summary>
internal static class ChurnScenario
{
    private static readonly TimeSpan MemberPoll = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        var wanted = options.ConnectionsOr(10_000);
        var tally = new Tally();
        await using var probe = await Probe.StartAsync(target, options, deadline);
        await Task.Delay(options.Warmup, deadline);

        probe.Begin("before");
        await Task.Delay(options.Duration, deadline);
        var before = ServerProcess.ReadRss(target.Pid);

        var cpu = new CpuMeter(target.Pid);
        var from = Clock.Now;
        probe.Begin("during");
        await using var memory = new MemoryWatch(target.Pid);
        var done = await ChurnAsync(wanted, options, target, tally, deadline);
        var seconds = (Clock.Now - from) / (double)Clock.Second;
        cpu.End();

        probe.Begin("after");
        await Task.Delay(options.Duration, deadline);
        await probe.FinishAsync(options.Timeout);
        await Task.Delay(options.Settle, deadline);
        var after = ServerProcess.ReadRss(target.Pid);
        var members = options.Join ? await CountMembersAsync(options, target, deadline) : null;

        var report = new Report("churn")
            .Add("server", target.ToString())
            .Add("connections", done)
            .Add("concurrency", options.Concurrency)
            .Add("end", options.End)
            .Add("rate", options.Rate > 0 ? options.Rate : null)
            .Add("connections_per_s", done / seconds)
            .Add("rss_before", before)
            .Add("rss_peak", memory.Peak)
            .Add("rss_after", after)
            .Add("members_after", members);
        cpu.AddTo(report, done);
        report.AddTally(tally);
        report.Failed |= members > 1;
        return [report, .. ProbeReports.Of("churn", probe)];
    }

    private static async Task<long> ChurnAsync(int wanted, LoadOptions options, Target target, Tally tally, CancellationToken deadline)
    {
        var next = 0;
        long done = 0;
        using var due = new SemaphoreSlim(0);
        await using var pacer = options.Rate > 0 ? new Pacer(options.Rate, _ => due.Release()) : null;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Concurrency, wanted)).Select(_ => WorkAsync()));
        return done;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i <= wanted && !deadline.IsCancellationRequested; i = Interlocked.Increment(ref next))
            {
                if (pacer is not null)
                {
                    await due.WaitAsync(deadline);
                }

                try
                {
                    await OneAsync(i, options, target, tally, deadline);
                    Interlocked.Increment(ref done);
                }
                catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException)
                {
                    tally.Close(e.Message);
                }
            }
        }
    }

    private static async Task OneAsync(int number, LoadOptions options, Target target, Tally tally, CancellationToken deadline)
    {
        using var connection = await ClientConnection.OpenAsync(target, options.Timeout, deadline, 1024);
        if (options.Join)
        {
            Check(await connection.AskAsync(target.Dialect.Verb("roomAdd", options.Room), options.Timeout), tally);
        }

        var request = new byte[options.Request(target).MaxBytes];
        var length = options.Request(target).Write(request, number);
        Check(await connection.AskAsync(request.AsMemory(0, length), options.Timeout), tally);

        switch (options.End)
        {
            case "reset" or "mix" when options.End == "reset" || number % 2 == 0:
                connection.Reset();
                return;
            case "quit":
                await connection.SendAsync(target.Dialect.Verb("quit"));
                break;
            default:
                await connection.EndAsync();
                break;
        }

        if (!await connection.ReadToEndAsync(options.Timeout))
        {
            tally.Lose(1, "the server had not ended a connection within the time-out");
        }
    }

    private static void Check(string answer, Tally tally)
    {
        if (answer.Contains("\"error\":", StringComparison.Ordinal))
        {
            tally.Error(answer);
        }
    }

    /// <summary>Members of the room as one more connection sees it, itself included; null where the server does not tell.</summary>
    private static async Task<long?> CountMembersAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        using var connection = await ClientConnection.OpenAsync(target, options.Timeout, deadline);
        await connection.AskAsync(target.Dialect.Verb("roomAdd", options.Room), options.Timeout);
        for (var from = Clock.Now; ; await Task.Delay(MemberPoll, deadline))
        {
            var answer = System.Text.Encoding.UTF8.GetBytes(await connection.AskAsync(target.Dialect.Verb("roomView", options.Room), options.Timeout));
            if (!MessageScanner.TryReadNumber(answer, "\"membersCount\":"u8, out var count))
            {
                return null;
            }

            // A connection that was reset leaves its rooms when the server notices, which takes a moment.
            if (count <= 1 || Clock.Now - from > Clock.From(options.Timeout))
            {
                return count;
            }
        }
    }
}
