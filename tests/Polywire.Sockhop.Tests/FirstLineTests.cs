#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>Peers that speak HTTP, as a web page can have any browser do, or TLS where there is none.</summary>
public class FirstLineTests
{
    private const string Post =
        "POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\n{\"type\":\"String\",\"data\":\"a page's\"}\n{\"type\":\"String\",\"data\":\"again\",\"id\":\"1\"}\n";

    [Theory, InlineData("tcp"), InlineData("tls"), InlineData("unix"), InlineData("1.x"), InlineData("texts"), InlineData("terminator")]
    public async Task EndsAConnectionOfHttp_BeforeAnyMessage(string door)
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        var options = new SockhopServerOptions { Address = IPAddress.Loopback, Port = 0 };
        Set(options, door, folder, certificate);
        await using var server = new SockhopServer(options);
        var heard = new ConcurrentQueue<string>();
        var errors = new ConcurrentQueue<string>();
        var ends = new ConcurrentQueue<SockhopCloseReason>();
        server.On<string>((text, _, _) => heard.Enqueue(text));
        server.ProtocolError += (_, error) => errors.Enqueue(error.Code);
        server.Disconnected += (_, end) => ends.Enqueue(end.Reason);
        await server.StartAsync();
        var tls = door == "tls" ? TestCertificates.Trusting(certificate) : null;
        var count = 0;

        foreach (var split in Splits.Of(Encoding.UTF8.GetBytes(Post)).Where((_, at) => at % 8 == 0 || at < 3))
        {
            (await SendAsync(server.LocalEndPoint!, split, tls)).ShouldNotContain("a page's", customMessage: split.Name);
            count++;
        }

        while (ends.Count < count)
        {
            await Task.Yield();
        }

        heard.ShouldBeEmpty();
        errors.ShouldAllBe(code => code == SockhopErrorCodes.HttpRequest);
        errors.Count.ShouldBe(count);
        ends.ShouldAllBe(reason => reason == SockhopCloseReason.ProtocolError);
    }

    [Fact]
    public async Task SaysThatItHasNoTls()
    {
        using var folder = new TemporaryFolder();
        await using var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = folder["s"] });
        var error = new TaskCompletionSource<SockhopException>();
        server.ProtocolError += (_, wrong) => error.SetResult(wrong);
        await server.StartAsync();

        await SendAsync(server.LocalEndPoint!, new Split("whole", [new byte[] { 0x16, 3, 1, 0, 10, (byte)'\n' }]), null);

        var told = await error.Task.WithinLimit();
        told.Code.ShouldBe(SockhopErrorCodes.TlsNotEnabled);
        told.Message.ShouldContain("Tls is not set");
    }

    private static void Set(SockhopServerOptions options, string door, TemporaryFolder folder, TestCertificate certificate)
    {
        switch (door)
        {
            case "tls":
                options.Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate };
                break;
            case "unix":
                options.UnixSocketPath = folder["s"];
                break;
            case "1.x":
                options.CompatibilityMode = true;
                break;
            case "texts":
                options.AllowNonObjects = true;
                break;
            case "terminator":
                options.Terminator = SockhopTerminator.Both("\n\n");
                break;
        }
    }

    private static async Task<string> SendAsync(EndPoint server, Split split, SslClientAuthenticationOptions? tls)
    {
        await using var client = await TcpLineClient.ConnectAsync(server, tls);
        try
        {
            await client.SendAsync(split);
            await client.HalfCloseAsync();
            return Encoding.UTF8.GetString(await client.ReadToEndAsync());
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            // A reset is an end too.
            return "";
        }
    }
}
