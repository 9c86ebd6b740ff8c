using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>Spoiled messages at every door at once, and beside them one client at each door who asks properly and must be answered rightly.</summary>
internal static class SpoilScenario
{
    private const int AttackersPerDoor = 2;

    public static async Task<IReadOnlyList<Report>> RunAsync(LoadOptions options, Target target, CancellationToken deadline)
    {
        var doors = Door.ParseAll(options.Doors, target.Host);
        var seed = options.Seed != 0 ? options.Seed : Environment.TickCount;
        var before = ServerProcess.ReadRss(target.Pid);
        await using var memory = new MemoryWatch(target.Pid);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        var witnesses = doors.Select(door => new Witness(door, options.Timeout)).ToArray();
        var attackers = doors.SelectMany((door, i) => Enumerable.Range(0, AttackersPerDoor).Select(n => new Attacker(door, seed + (i * AttackersPerDoor) + n))).ToArray();
        var watching = witnesses.Select(witness => witness.RunAsync(stop.Token)).ToArray();
        await Task.Delay(options.Warmup, deadline);
        var attacking = attackers.Select(attacker => attacker.RunAsync(stop.Token)).ToArray();

        await Task.Delay(options.Duration, deadline);
        await stop.CancelAsync();
        await Task.WhenAll([.. watching, .. attacking]);
        var atEnd = ServerProcess.ReadRss(target.Pid);
        await Task.Delay(options.Settle, deadline);

        var report = new Report("spoil", "memory")
        {
            Failed = target.Pid != 0 && ServerProcess.ReadRss(target.Pid) is null,
        };
        report.Add("seed", seed)
            .Add("rss_before", before)
            .Add("rss_peak", memory.Peak)
            .Add("rss_at_end", atEnd)
            .Add("rss_after", ServerProcess.ReadRss(target.Pid));
        return [report, .. witnesses.Select(witness => Of(witness, attackers))];
    }

    private static Report Of(Witness witness, Attacker[] attackers)
    {
        var mine = attackers.Where(attacker => attacker.Door == witness.Door).ToArray();
        var report = new Report("spoil", witness.Door.ToString()) { Failed = witness.Wrong + witness.Lost > 0 || witness.Asked == 0 };
        return report.Add("spoiled_messages", mine.Sum(attacker => attacker.Messages))
            .Add("spoiled_connections", mine.Sum(attacker => attacker.Connections))
            .Add("spoiled_bytes", mine.Sum(attacker => attacker.Bytes))
            .Add("asked", witness.Asked)
            .Add("answered", witness.Answered)
            .Add("wrong", witness.Wrong)
            .Add("lost", witness.Lost)
            .Add("first_problem", witness.First)
            .AddLatency(witness.Latency);
    }
}
