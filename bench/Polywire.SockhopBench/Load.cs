using System.Diagnostics;
using System.Globalization;
using Polywire.Sockhop;

namespace Polywire.SockhopBench;

/// <summary>Keeps a number of requests in flight over all clients in turn and measures how long each takes, after a second of warming up.</summary>
internal sealed class Load(SockhopClient[] clients, string what, int depth)
{
    private const int BufferLength = 1 << 20;
    private const int SmallLength = 60;

    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly List<double> _took = new(1 << 20);
    private int _id;
    private long _end;
    private long _last;

    /// <param name="seconds">How long to measure.</param>
    /// <param name="server">The server's process, whose CPU time is measured too; 0 for none.</param>
    /// <returns>One line of JSON.</returns>
    public async Task<string> RunAsync(double seconds, int server)
    {
        Random.Shared.NextBytes(_buffer);
        await RunForAsync(1);
        _took.Clear();
        var (client, other) = (ProcessTime.Own, ProcessTime.Of(server));
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        await RunForAsync(seconds);
        var elapsed = Stopwatch.GetElapsedTime(begin, _last).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        (client, other) = (ProcessTime.Own - client, ProcessTime.Of(server) - other);
        var count = _took.Count;
        _took.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"mode":"ipc-{{what}}","depth":{{depth}},"connections":{{clients.Length}},"requests":{{count}},"rps":{{count / elapsed:F0}},"p50_us":{{_took[count / 2]:F0}},"p99_us":{{_took[count * 99 / 100]:F0}},"mb_s":{{count * (double)(what == "buf" ? BufferLength : SmallLength) / elapsed / 1e6:F0}},"client_us":{{client.TotalMicroseconds / count:F2}},"client_bytes":{{allocated / count}},"server_us":{{other.TotalMicroseconds / count:F2}}}""");
    }

    private Task RunForAsync(double seconds)
    {
        _end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, depth).Select(_ => AskAsync()));
    }

    private async Task AskAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); start < _end;)
        {
            var id = Interlocked.Increment(ref _id);
            var client = clients[id % clients.Length];
            switch (what)
            {
                case "buf":
                    await client.RequestAsync<ReadOnlyMemory<byte>, Received>(_buffer);
                    break;
                case "await":
                    await client.RequestAsync<AskedBack, Answer>(new AskedBack(id, block: false));
                    break;
                case "block":
                    await client.RequestAsync<AskedBack, Answer>(new AskedBack(id, block: true));
                    break;
                default:
                    await client.RequestAsync<Question, Answer>(new Question("randomNumber", id));
                    break;
            }

            var now = Stopwatch.GetTimestamp();
            lock (_took)
            {
                _took.Add(Stopwatch.GetElapsedTime(start, now).TotalMicroseconds);
                _last = now;
            }

            start = now;
        }
    }
}
