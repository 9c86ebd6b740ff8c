using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Polywire.AspNetCore.Sockets;

namespace Polywire.Benchmarks;

/// <summary>A whole request from its line to the bytes of its answer: parse, find, bind, run, write.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private readonly ReadOnlySequence<byte> _verb = Line("detailsView");
    private readonly ReadOnlySequence<byte> _text = Line("randomNumber");
    private readonly ReadOnlySequence<byte> _json = Line("{\"action\":\"randomNumber\",\"params\":{\"messageId\":12345}}");
    private readonly ReadOnlySequence<byte> _inputs =
        Line("{\"action\":\"transfer\",\"params\":{\"from\":\"a\",\"to\":\"b\",\"amount\":12.5,\"messageId\":12345}}");

    private Harness _harness = null!;
    private SocketConnection _connection = null!;
    private SocketRequests _requests = null!;

    [GlobalSetup]
    public void Setup()
    {
        _harness = new Harness();
        _connection = _harness.Connect();
        _requests = new SocketRequests(_connection, _harness.Sockets);
    }

    [GlobalCleanup]
    public void Cleanup() => _harness.Dispose();

    [Benchmark(Baseline = true)]
    public bool JsonAction() => Handle(_json);

    [Benchmark]
    public bool TextAction() => Handle(_text);

    [Benchmark]
    public bool JsonActionWithInputs() => Handle(_inputs);

    [Benchmark]
    public bool DetailsView() => Handle(_verb);

    private bool Handle(in ReadOnlySequence<byte> line)
    {
        var handled = _connection.Session.BeginAsync(_requests.Read(line));
        _connection.Outbound.Flush();
        return handled.IsCompletedSuccessfully;
    }

    private static ReadOnlySequence<byte> Line(string text) => new(Encoding.UTF8.GetBytes(text));
}
