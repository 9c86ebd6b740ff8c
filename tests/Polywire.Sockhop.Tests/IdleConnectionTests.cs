using Polywire.Sockhop.Transport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>What a connection holds on which nothing happens. By itself: the heap is everybody's.</summary>
[Collection(nameof(IdleConnectionTests))]
[CollectionDefinition(nameof(IdleConnectionTests), DisableParallelization = true)]
public class IdleConnectionTests
{
    private const int Connections = 1000;

    // The session, its connection, the wire of this test, and the 4 KiB that the next bytes are received into: some 7060 bytes on 64 bits.
    private const int Ceiling = 7150;

    [Fact]
    public async Task HoldsNoMoreThanItDid()
    {
        await using var server = new SockhopServer(new SockhopServerOptions { CompatibilityMode = true });
        var wires = new List<SilentWire>();
        await OpenAsync(server, wires, 50);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await OpenAsync(server, wires, Connections);

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        GC.KeepAlive(wires);
        each.ShouldBeLessThan(Ceiling);
    }

    private static async Task OpenAsync(SockhopServer server, List<SilentWire> wires, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var wire = new SilentWire();
            wires.Add(wire);
            await server.BeginAsync(wire);
        }

        await Task.WhenAll(wires.Select(wire => wire.Awaited));
    }

    private sealed class SilentWire : Wire
    {
        private readonly TaskCompletionSource _awaited = new();
        private readonly TaskCompletionSource<int> _received = new();

        /// <summary>Ends when the reader waits.</summary>
        public Task Awaited => _awaited.Task;

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
        {
            _awaited.TrySetResult();
            return new(_received.Task);
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) => default;

        public override ValueTask ShutdownAsync() => default;

        public override void Dispose() => _received.TrySetResult(0);
    }
}
