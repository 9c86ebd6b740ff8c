#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Peers that do not read; docs/protocol/socket.md, 4.7.</summary>
public sealed class SocketSlowReaderTests
{
    [Fact]
    public async Task DropsOneThatDoesNotRead_AndHurtsNobodyElse()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxQueueLength = 256 * 1024);
        await using var slow = await host.ConnectAsync(receiveBufferSize: 4096);
        await using var quick = await host.ConnectAsync();
        await slow.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await quick.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        var text = new string('x', 64 * 1024);
        var said = 0;
        while (host.Connections.Count == 2)
        {
            // Each message waits for the quick one, so that only the slow one falls behind.
            await host.Rooms.SayAsync("defaultRoom", text);
            (await quick.ReadJsonAsync()).Text("message").ShouldBe(text);
            (++said).ShouldBeLessThan(2000, "the slow reader was never dropped");
        }

        (await host.Rooms.StatusAsync("defaultRoom")).MembersCount.ShouldBe(1);
        var dropped = host.Logs.GetSnapshot().Single(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("does not read", StringComparison.Ordinal));
        dropped.GetStructuredStateValue("MaxBytes").ShouldBe("262144");
        await Should.ThrowAsync<IOException>(slow.ReadToEndAsync);
        await quick.ExpectAsync("roomLeave defaultRoom", Wire.Ok(2, "true"));
    }

    [Fact]
    public async Task AnAnswerThatIsTooLargeIsAnErrorAndNotTheReadersFault()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxQueueLength = 64 * 1024);
        host.ExpectedErrors = entry => entry.Message.Contains("MaxQueueLength", StringComparison.Ordinal);
        await using var client = await host.ConnectAsync();

        await client.ExpectAsync("""{"action":"long","params":{"messageId":"a"}}""", Wire.Error(1, "the answer is too large", "\"a\""));
        await client.ExpectAsync("paramView nothing", Wire.Ok(2, id: "\"a\""));
    }

    [Fact]
    public async Task DropsOneThatAsksAndDoesNotRead()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxQueueMessages = 100);
        await using var slow = await host.ConnectAsync(receiveBufferSize: 4096);
        var line = new string('y', 2000);
        await slow.ExpectAsync($"paramAdd key={line}", Wire.Ok(1));
        var many = string.Concat(Enumerable.Repeat("paramView key\n", 1000));

        await Should.ThrowAsync<IOException>(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await slow.SendAsync(many);
            }

            await slow.ReadToEndAsync();
        });
        await host.WaitForConnectionsAsync(0);
    }

    [Fact]
    public async Task StopsReading_WhileAFileWaitsForThePeer()
    {
        await using var host = await SocketHost.StartAsync(polywire: options => options.MaxQueueMessages = 10);
        host.Folder.Write("public/big.bin", new byte[8 << 20]);
        await using var client = await host.ConnectAsync(receiveBufferSize: 4096);
        await client.SendAsync("file big.bin\n" + string.Concat(Enumerable.Range(0, 5).Select(_ => "paramsView\n")));
        (await client.ReadBytesAsync(8 << 20)).Length.ShouldBe(8 << 20);

        for (var i = 0; i < 5; i++)
        {
            await client.ExpectAsync(Wire.Ok(i + 2, """{"file":"big.bin"}"""));
        }
    }
}
