using System.Net.Sockets;
using System.Text;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>Large files on their way.</summary>
public sealed class FileSendingTests : IAsyncLifetime
{
    // More than all buffers between two processes hold, so that the server waits for its client.
    private const int Length = 64 * 1024 * 1024;

    private FileHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FileHost.StartAsync();
        await using var file = File.Create(_host.Folder["public/large.bin"]);
        file.SetLength(Length);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task CutsTheAnswerOff_WhereTheFileBecomesShorter()
    {
        using var client = await RequestAsync();
        await using (var file = new FileStream(_host.Folder["public/large.bin"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(10);
        }

        var received = await ReadToEndAsync(client);

        received.ShouldBeLessThan(Length);
        await WaitForLogAsync("success=False");
    }

    [Fact]
    public async Task SendsWhatItOpened_WhereTheFileIsReplaced()
    {
        using var client = await RequestAsync();
        _host.Write("other", "short");
        File.Move(_host.Folder["other"], _host.Folder["public/large.bin"], overwrite: true);

        var received = await ReadToEndAsync(client);

        received.ShouldBeGreaterThanOrEqualTo(Length);
        await WaitForLogAsync("success=True");
    }

    [Fact]
    public async Task LetsGoOfAFileWhoseClientLeaves()
    {
        using (await RequestAsync())
        {
        }

        await WaitForLogAsync("success=False");
    }

    [Fact]
    public async Task AStopDoesNotWaitForAClientThatDoesNotRead()
    {
        using var client = await RequestAsync();

        await _host.StopAsync(TimeSpan.Zero).WithinLimit();
    }

    private async Task<TcpClient> RequestAsync()
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port).WithinLimit();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).WithinLimit();
        var begin = new byte[4];
        await client.GetStream().ReadExactlyAsync(begin).WithinLimit();
        return client;
    }

    private static async Task<long> ReadToEndAsync(TcpClient client)
    {
        var buffer = new byte[256 * 1024];
        var total = 0L;
        try
        {
            while (await client.GetStream().ReadAsync(buffer).WithinLimit() is > 0 and var read)
            {
                total += read;
            }
        }
        catch (IOException)
        {
            // A reset ends it as well.
        }

        return total;
    }

    private async Task WaitForLogAsync(string end) =>
        await _host.Logs.WaitForAsync(log => log.Message.Contains("requestedFile=large.bin") && log.Message.EndsWith(end), Within.Limit);
}
