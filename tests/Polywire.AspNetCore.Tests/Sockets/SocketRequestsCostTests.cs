using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polywire.AspNetCore.Sockets;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>A request on the socket costs what its action makes, from the bytes of its line to those of its answer, and nothing more.</summary>
public sealed class SocketRequestsCostTests
{
    private const int Runs = 2_000;

    [Theory]
    [InlineData("""{"action":"socketCost","params":{"a":2,"b":3}}""", """{"sum":5,"context":"response","messageId":""")]
    [InlineData("""{"action":"socketCost","params":{"a":2,"b":3,"messageId":"x-17"}}""", """{"sum":5,"context":"response","messageId":"x-17",""")]
    [InlineData("""{"messageId":{"n":1},"params":{"b":3,"a":2},"action":"socketCost"}""", """{"sum":5,"context":"response","messageId":{"n":1},""")]
    public async Task AWarmRequestAllocatesOnlyTheActionsOwnObjects(string line, string answer)
    {
        var own = Measure(static () => new SocketCostAction().Run(new SocketCostAction.Input(2, 3)));
        own.ShouldBeGreaterThan(0);
        (await MeasureLineAsync(line, answer)).ShouldBe(own);
    }

    [Theory]
    [InlineData("paramsView", """{"status":"OK","context":"response","data":{},"messageId":""")]
    [InlineData("paramView a", """{"status":"OK","context":"response","data":null,"messageId":""")]
    [InlineData("paramDelete a", """{"status":"OK","context":"response","data":null,"messageId":""")]
    [InlineData("paramAdd a", """{"status":"OK","context":"response","data":null,"messageId":""")]
    [InlineData("paramAdd unheardOf=2", """{"status":"OK","context":"response","data":null,"messageId":""")]
    public async Task AWarmVerbAllocatesNothing(string line, string answer) => (await MeasureLineAsync(line, answer)).ShouldBe(0);

    private static async Task<long> MeasureLineAsync(string line, string answer)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddMetrics();
        builder.Services.AddPolywire().AddActions().AddSocketServer(socket => socket.Enabled = false);
        builder.Services.AddSingleton<IHostEnvironment>(builder.Environment);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var sink = new Sink();
        var transport = new DefaultConnectionContext("cost", new Duplex(PipeReader.Create(ReadOnlySequence<byte>.Empty), sink), null!);
        var services = host.Services.GetRequiredService<SocketServices>();
        var connection = new SocketConnection(transport, services);
        connection.Outbound.Open("welcome"u8);
        var requests = new SocketRequests(connection, services);
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line));
        void Handle()
        {
            sink.Length = 0;
            var handled = connection.Session.BeginAsync(requests.Read(bytes));
            if (!handled.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The request waited.");
            }

            connection.Outbound.Flush();
        }

        Measure(Handle);
        Encoding.UTF8.GetString(sink.Written).ShouldStartWith(answer);

        var whole = Measure(Handle);
        await host.StopAsync(TestContext.Current.CancellationToken);
        return whole;
    }

    /// <summary>Bytes for each of many calls, the smallest of several rounds: what the runtime does by itself is in some of them only.</summary>
    private static long Measure(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 8; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Runs; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / Runs;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Takes everything at once.</summary>
    private sealed class Sink : PipeWriter
    {
        private readonly byte[] _bytes = new byte[64 * 1024];

        public int Length { get; set; }

        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public override void Advance(int bytes) => Length += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(Length);

        public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.AsSpan(Length);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(false, false));

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            source.Span.CopyTo(_bytes.AsSpan(Length));
            Length += source.Length;
            return new ValueTask<FlushResult>(new FlushResult(false, false));
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
