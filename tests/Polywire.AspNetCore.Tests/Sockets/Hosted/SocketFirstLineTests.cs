using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>HTTP, TLS and a byte order mark at the beginning of a connection; docs/protocol/socket.md, 3.</summary>
public sealed class SocketFirstLineTests
{
    private const string Post = "POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\n{\"action\":\"randomNumber\"}\r\nrandomNumber\r\nquit\r\n";

    [Theory, InlineData("tcp"), InlineData("tls"), InlineData("unix")]
    public async Task EndsAConnectionOfHttp_WithoutAWord(string door)
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        await using var host = await SocketHost.StartAsync(socket => Set(socket, door, folder, certificate));
        var tls = door == "tls" ? TestCertificates.Trusting(certificate) : null;

        foreach (var split in Splits.Of(System.Text.Encoding.UTF8.GetBytes(Post)).Where((_, at) => at % 8 == 0 || at < 3))
        {
            await ExpectSilentEndAsync(await host.ConnectAsync(tls), split);
        }

        await host.WaitForConnectionsAsync(0);
        var told = host.Logs.GetSnapshot().Where(log => log.Id.Id == ServerEventIds.HttpAtAnotherDoor).ShouldHaveSingleItem();
        told.Level.ShouldBe(LogLevel.Warning);
        told.Message.ShouldContain("socket server");
        host.Logs.GetSnapshot().ShouldNotContain(log => log.Message.StartsWith("[ action", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EndsIt_WhateverIsSetForLines()
    {
        foreach (var set in (Action<SocketOptions>[])[
            socket => socket.MaxDataLength = 5, socket => socket.MaxLineBytes = 5, socket => socket.Delimiter = "|", socket => socket.Delimiter = "\r\n\r\n"])
        {
            await using var host = await SocketHost.StartAsync(set);

            await ExpectSilentEndAsync(
                await host.ConnectAsync(), new Split("whole", [System.Text.Encoding.UTF8.GetBytes($"{Post}|randomNumber|")]));
            host.Logs.GetSnapshot().ShouldNotContain(log => log.Message.StartsWith("[ action", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("|", "POST /|randomNumber|"), InlineData("END", "POST /ENDrandomNumberEND"), InlineData(";", "GET /x?;randomNumber;")]
    public async Task EndsIt_BeforeALineInItsPathRuns(string delimiter, string start)
    {
        await using var host = await SocketHost.StartAsync(socket => socket.Delimiter = delimiter);

        // The path goes on, and its end has not come.
        await ExpectSilentEndAsync(await host.ConnectAsync(), new Split("half", [System.Text.Encoding.UTF8.GetBytes($"{start}aaaa")]));
        host.Logs.GetSnapshot().ShouldNotContain(log => log.Message.StartsWith("[ action", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TellsOfEachAddressOnceAMinute()
    {
        var time = new ManualTimeProvider();
        await using var host = await SocketHost.StartAsync(more: (_, builder, _) => builder.Services.AddSingleton<TimeProvider>(time));
        for (var i = 0; i < 3; i++)
        {
            await ExpectSilentEndAsync(await host.ConnectAsync(), new Split("whole", ["GET / HTTP/1.1\r\n"u8.ToArray()]));
            await ExpectSilentEndAsync(await host.ConnectAsync(), new Split("whole", [new byte[] { 0x16, 3, 1, 0 }]));
        }

        Told(ServerEventIds.HttpAtAnotherDoor).ShouldBe(1);
        Told(ServerEventIds.TlsAtPlainDoor).ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(1));
        await ExpectSilentEndAsync(await host.ConnectAsync(), new Split("whole", ["GET / HTTP/1.1\r\n"u8.ToArray()]));
        Told(ServerEventIds.HttpAtAnotherDoor).ShouldBe(2);

        int Told(int id) => host.Logs.GetSnapshot().Count(log => log.Id.Id == id);
    }

    [Fact]
    public async Task LeavesLaterLinesAlone()
    {
        await using var host = await SocketHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("paramsView", Wire.Ok(1, "{}"));

        (await client.AskJsonAsync("GET / HTTP/1.1")).Text("error").ShouldBe(Wire.Unknown);
        await client.ExpectAsync("randomNumber", Wire.Answer(3, "\"value\":0.5"));
    }

    [Theory, InlineData("tcp"), InlineData("tls"), InlineData("unix")]
    public async Task PassesOverAByteOrderMark_OnceAndAtTheBeginning(string door)
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        await using var host = await SocketHost.StartAsync(socket => Set(socket, door, folder, certificate));
        var tls = door == "tls" ? TestCertificates.Trusting(certificate) : null;

        foreach (var split in Splits.Of("\uFEFFrandomNumber\n"u8.ToArray()))
        {
            await using var client = await host.ConnectAsync(tls);
            await client.SendAsync(split);
            await client.ExpectAsync(Wire.Answer(1, "\"value\":0.5"));
            (await client.AskJsonAsync("\uFEFFrandomNumber")).Text("error").ShouldBe(Wire.Unknown);
        }

        await using var twice = await host.ConnectAsync(tls);
        (await twice.AskJsonAsync("\uFEFF\uFEFFrandomNumber")).Text("error").ShouldBe(Wire.Unknown);
        await using var half = await host.ConnectAsync(tls);
        await half.SendAsync(new byte[] { 0xEF, 0xBB });
        await half.HalfCloseAsync();
        await half.ExpectGoodbyeAsync();
    }

    private static void Set(SocketOptions socket, string door, TemporaryFolder folder, TestCertificate certificate)
    {
        if (door == "unix")
        {
            socket.UnixSocketPath = folder["s"];
        }
        else if (door == "tls")
        {
            (socket.Certificate.Path, socket.Certificate.KeyPath) = certificate.WriteTo(folder);
        }
    }

    private static async Task ExpectSilentEndAsync(TcpLineClient client, Split split)
    {
        await using (client)
        {
            var answer = string.Empty;
            try
            {
                await client.SendAsync(split);
                answer = System.Text.Encoding.UTF8.GetString(await client.ReadToEndAsync());
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // What had not been read when it ended is answered with a reset.
            }

            answer.ShouldBe("", split.Name);
        }
    }
}
