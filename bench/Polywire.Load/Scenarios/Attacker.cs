using System.Net.Sockets;
using Polywire.Load.Wire;
using Polywire.TestSupport;

namespace Polywire.Load.Scenarios;

/// <summary>Opens connections at a door and sends spoiled messages on them, cut anywhere; reads what comes and ends in every way.</summary>
internal sealed class Attacker(Door door, int seed)
{
    private const int MostMessages = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Door Door => door;

    public long Messages { get; private set; }

    public long Connections { get; private set; }

    public long Bytes { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(Patience);
                await AttackAsync(random, limit.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
                or System.Security.Authentication.AuthenticationException)
            {
                // The server has ended it, which is its good right.
            }
        }
    }

    private async Task AttackAsync(Random random, CancellationToken limit)
    {
        // Now and then the handshake itself is what is spoiled.
        var (socket, stream) = await door.OpenAsync(tls: door.IsTls && random.Next(4) > 0, limit);
        Connections++;
        await using (stream)
        {
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(limit);
            var drained = DrainAsync(stream, reading.Token);
            await stream.WriteAsync(door.Prelude, limit);
            for (var left = random.Next(1, MostMessages + 1); left > 0 && !drained.IsCompleted; left--)
            {
                await SendAsync(stream, Mutations.Next(door.Corpus, random), random, limit);
            }

            switch (random.Next(3))
            {
                case 0:
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                    break;
                case 1:
                    socket.Shutdown(SocketShutdown.Send);
                    await drained.WaitAsync(TimeSpan.FromMilliseconds(50), limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
            }

            await reading.CancelAsync();
            await drained;
        }
    }

    private async Task SendAsync(Stream stream, byte[] message, Random random, CancellationToken limit)
    {
        Messages++;
        Bytes += message.Length;
        var cut = random.Next(message.Length + 1);
        await stream.WriteAsync(message.AsMemory(0, cut), limit);
        await stream.FlushAsync(limit);
        await stream.WriteAsync(message.AsMemory(cut), limit);
    }

    private static async Task DrainAsync(Stream stream, CancellationToken limit)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, limit) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // However it ended: what was read is of no interest.
        }
    }
}
