using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>The stop of the host; docs/protocol/socket.md, 13.</summary>
public sealed class SocketStopTests
{
    private const string ShuttingDown = "the server is shutting down";

    [Fact]
    public async Task TellsTheIdleGoodbyeAtOnce_AndAnswersTheBusy()
    {
        await using var host = await SocketHost.StartAsync();
        await using var idle = await host.ConnectAsync();
        await using var busy = await host.ConnectAsync();
        await idle.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await busy.LineAsync("""{"action":"wait","params":{"gate":"busy","messageId":"pending"}}""");
        await host.Gate("busy").Entered.WithinLimit();
        var endPoint = host.EndPoint;
        var stopping = host.StopAsync();

        await idle.ExpectGoodbyeAsync();
        await busy.ExpectAsync("randomNumber", Wire.Error(2, ShuttingDown, "\"pending\""));
        (await busy.AskJsonAsync("detailsView")).Text("data", "pendingActions").ShouldBe("1");
        await busy.ExpectAsync("roomAdd defaultRoom", Wire.Ok(4, "true", "\"pending\""));
        await Should.ThrowAsync<SocketException>(() => TcpLineClient.ConnectAsync(endPoint));
        stopping.IsCompleted.ShouldBeFalse();
        host.Gate("busy").Open();
        await busy.ExpectAsync(Wire.Answer(1, "\"gate\":\"busy\"", "\"pending\""));
        await busy.ExpectGoodbyeAsync();
        await idle.DisposeAsync();
        await busy.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task TellsTheBusyGoodbye_WhenTheLimitHasPassed()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.PendingShutdownWaitLimit = TimeSpan.FromMilliseconds(100));
        await using var busy = await host.ConnectAsync();
        await busy.LineAsync("""{"action":"wait","params":{"gate":"endless"}}""");
        await host.Gate("endless").Entered.WithinLimit();
        var stopping = host.StopAsync();

        await busy.ExpectGoodbyeAsync();
        await host.Gate("endless").Cancelled.WithinLimit();
        await busy.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task SendsTheRestOfAFile_BeforeTheGoodbye()
    {
        await using var host = await SocketHost.StartAsync();
        host.Folder.Write("public/big.bin", new byte[4 << 20]);
        await using var client = await host.ConnectAsync();
        await client.LineAsync("file big.bin");
        await client.ReadBytesAsync(100);
        var stopping = host.StopAsync();

        (await client.ReadBytesAsync((4 << 20) - 100)).Length.ShouldBe((4 << 20) - 100);
        await client.ExpectGoodbyeAsync();
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task DoesNotWaitForPeersThatNeverLeave()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();

        // The client reads its goodbye but keeps its own side open.
        var stopping = host.StopAsync();
        await client.ExpectGoodbyeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task TellsGoodbyeToThoseWhoCameWhileItStopped()
    {
        await using var host = await SocketHost.StartAsync(more: (host, builder, polywire) =>
        {
            builder.Services.AddSingleton(host.Gate("door"));
            polywire.UseConnectionMiddleware<Door>();
        });
        await using var client = await host.ConnectRawAsync();
        await host.Gate("door").Entered.WithinLimit();
        var stopping = host.StopAsync();
        await client.ExpectAsync(Wire.Goodbye);
        host.Gate("door").Open();
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Fact]
    public async Task LeavesNobodyBehind_WhenManyAreThere()
    {
        await using var host = await SocketHost.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.ConnectAsync()));
        foreach (var client in clients)
        {
            await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        }

        var stopping = host.StopAsync();
        foreach (var client in clients)
        {
            await client.ExpectGoodbyeAsync();
            await client.DisposeAsync();
        }

        await stopping.WithinLimit();
        host.Connections.Count.ShouldBe(0);
    }

    private sealed class Door(Gate gate) : IConnectionMiddleware
    {
        public async ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken) => await gate.PassDeafAsync();
    }
}
