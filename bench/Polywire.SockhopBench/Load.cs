using System.Diagnostics;
using System.Globalization;
using Polywire.Sockhop;

namespace Polywire.SockhopBench;

/// <summary>Keeps a number of requests in flight and measures how long each takes, after a second of warming up.</summary>
internal sealed class Load(SockhopClient client, bool isBuffers)
{
    private const int BufferLength = 1 << 20;
    private const int SmallLength = 60;

    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly List<double> _took = new(1 << 20);
    private int _id;
    private long _begin;
    private long _end;
    private long _last;

    /// <returns>One line of JSON.</returns>
    public async Task<string> RunAsync(int depth, double seconds)
    {
        Random.Shared.NextBytes(_buffer);
        _begin = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        _end = _begin + (long)(seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, depth).Select(_ => AskAsync()));
        var elapsed = Stopwatch.GetElapsedTime(_begin, _last).TotalSeconds;
        var count = _took.Count;
        _took.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"mode":"ipc-{{(isBuffers ? "buf" : "rr")}}","depth":{{depth}},"requests":{{count}},"rps":{{count / elapsed:F0}},"p50_us":{{_took[count / 2]:F0}},"p99_us":{{_took[count * 99 / 100]:F0}},"mb_s":{{count * (double)(isBuffers ? BufferLength : SmallLength) / elapsed / 1e6:F0}}}""");
    }

    private async Task AskAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); start < _end;)
        {
            if (isBuffers)
            {
                await client.RequestAsync<ReadOnlyMemory<byte>, Received>(_buffer);
            }
            else
            {
                await client.RequestAsync<Question, Answer>(new Question("randomNumber", ++_id));
            }

            var now = Stopwatch.GetTimestamp();
            lock (_took)
            {
                if (start >= _begin)
                {
                    _took.Add(Stopwatch.GetElapsedTime(start, now).TotalMicroseconds);
                    _last = now;
                }
            }

            start = now;
        }
    }
}
