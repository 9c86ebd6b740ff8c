using System.Diagnostics.Metrics;
using Polywire.Redis.Diagnostics;

namespace Polywire.Redis.Rooms;

/// <summary>The instruments of rooms and members (cluster.md NO-70).</summary>
internal sealed class RoomsMetrics(RedisMetrics metrics)
{
    private readonly Counter<long> _swept =
        metrics.Meter.CreateCounter<long>("polywire.cluster.members.swept", "{member}", "Entries of members that nodes had left which are gone, removed by this node.");

    private readonly Counter<long> _announced =
        metrics.Meter.CreateCounter<long>("polywire.cluster.members.announced", "{member}", "Members of this node that were noted again in Redis.");

    private readonly Histogram<double> _duration =
        metrics.Meter.CreateHistogram<double>("polywire.cluster.announce.duration", "s", "How long it took to note all members of this node again.");

    public void Swept(int members) => _swept.Add(members);

    public void Announced(int members) => _announced.Add(members);

    public void AnnounceTook(TimeSpan duration) => _duration.Record(duration.TotalSeconds);
}
