#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class SocketPollerTests
{
    private const byte Block = (byte)'b';

    [Fact]
    public async Task AnswersOthers_HoweverManyHandlersBlock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no poller elsewhere");
        await using var fixture = await TransportFixture.StartAsync(poller: true);
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(1);
        var serving = new List<Task>();
        async Task<Socket> OpenAsync()
        {
            var (client, server) = await fixture.PairAsync();
            serving.Add(ServeAsync(server, gate, blocked));
            return client;
        }

        // On every poller more than the leaders that may be blocked at a time; as many as there are threads for.
        var many = Math.Min(70 * SocketPoller.All.Length, SocketTurnThreads.DefaultMost - 50);
        try
        {
            for (var i = 0; i < many; i++)
            {
                var client = await OpenAsync();
                blocked.AddCount();
                await client.SendAsync(new[] { Block });
            }

            // One on each poller.
            for (var i = 0; i < SocketPoller.All.Length; i++)
            {
                var client = await OpenAsync();
                for (var round = 0; round < 10; round++)
                {
                    await client.SendAsync("echo"u8.ToArray());
                    (await client.ReceiveExactlyAsync(4)).ShouldBe("echo"u8.ToArray());
                }
            }

            blocked.Signal();
            (await Task.Run(() => blocked.Wait(TransportFixture.Patience))).ShouldBeTrue();
        }
        finally
        {
            gate.Set();
        }

        // Everybody is served as before when the blocked ones are through.
        var last = await OpenAsync();
        await last.SendAsync("last"u8.ToArray());
        (await last.ReceiveExactlyAsync(4)).ShouldBe("last"u8.ToArray());
    }

    private static async Task ServeAsync(DirectSocketConnection server, ManualResetEventSlim gate, CountdownEvent blocked)
    {
        try
        {
            while (true)
            {
                var result = await server.Input.ReadAsync();
                if (result.IsCompleted)
                {
                    return;
                }

                if (result.Buffer.FirstSpan[0] == Block)
                {
                    blocked.Signal();
                    gate.Wait();
                }

                foreach (var piece in result.Buffer)
                {
                    await server.Output.WriteAsync(piece);
                }

                server.Input.AdvanceTo(result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The end of the test.
        }
    }
}
