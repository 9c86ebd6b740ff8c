using BenchmarkDotNet.Attributes;

namespace Polywire.Benchmarks;

/// <summary>Something said in a room of many: made once, queued for each.</summary>
[MemoryDiagnoser]
public class BroadcastBenchmarks
{
    private Harness _harness = null!;

    [Params(1, 100, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _harness = new Harness();
        for (var i = 0; i < Members; i++)
        {
            await _harness.Rooms.AddAsync(_harness.Connect(), "room");
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _harness.Dispose();

    [Benchmark]
    public ValueTask Say() => _harness.Rooms.SayAsync("room", "hello there, all of you");
}
