using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Polywire.AspNetCore.Sockets;
using Polywire.Params;

namespace Polywire.Benchmarks;

/// <summary>How much it costs to cut a line, and to parse it.</summary>
[MemoryDiagnoser]
public class LineBenchmarks
{
    private static readonly byte[] Line = Encoding.UTF8.GetBytes("{\"action\":\"randomNumber\",\"params\":{\"messageId\":12345}}\n");
    private readonly ReadOnlySequence<byte> _line = new(Line);
    private readonly ReadOnlySequence<byte> _request = new(Line.AsMemory(0, Line.Length - 1));

    [Benchmark(Baseline = true)]
    public int IndexOfLineFeed() => Line.AsSpan().IndexOf((byte)'\n');

    [Benchmark]
    public long CutLine()
    {
        var reader = new LineReader(LineRules.Default);
        var buffer = _line;
        reader.TryRead(ref buffer, out var line, out _);
        return line.Length;
    }

    [Benchmark]
    public bool ParseRequest()
    {
        var set = ParamSet.Rent();
        var request = JsonRequest.Read(_request, set);
        set.Release();
        return request.HasParams;
    }
}
