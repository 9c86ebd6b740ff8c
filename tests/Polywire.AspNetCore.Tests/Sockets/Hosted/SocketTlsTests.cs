using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>TLS; docs/protocol/socket.md, 1.1 and 1.5.</summary>
public sealed class SocketTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _authority = TestCertificates.Authority();
    private readonly TestCertificate _server;

    public SocketTlsTests() => _server = TestCertificates.Server(_authority);

    [Theory, InlineData(null), InlineData("a pass phrase")]
    public async Task SpeaksTheSameProtocol(string? password)
    {
        await using var host = await StartAsync(socket => socket.Certificate.Password = password, password);
        host.Folder.Write("public/big.bin", new byte[2 << 20]);
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        var details = await client.AskJsonAsync("detailsView");

        details.Text("data", "remoteIP").ShouldBe("127.0.0.1");
        details.Text("data", "remotePort").ShouldBe($"{((System.Net.IPEndPoint)client.LocalEndPoint).Port}");
        await client.SendAsync("file big.bin\nrandomNumber\n");
        (await client.ReadBytesAsync(2 << 20)).Length.ShouldBe(2 << 20);
        await client.ExpectAsync(Wire.Answer(3, "\"value\":0.5"));
        await client.LineAsync("quit");
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task ReadsPkcs12()
    {
        var path = _folder.Write("server.pfx", _server.Certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12, "open"));
        await using var host = await SocketHost.StartAsync(socket =>
        {
            socket.Certificate.Path = path;
            socket.Certificate.Password = "open";
        });
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Theory, InlineData("pem"), InlineData("pfx")]
    public async Task SendsTheIntermediateCertificatesAlong(string form)
    {
        using var intermediate = TestCertificates.Intermediate(_authority);
        using var leaf = TestCertificates.Server(intermediate);
        var (path, key) = leaf.WriteTo(_folder, "leaf");
        if (form == "pem")
        {
            File.AppendAllText(path, "\n" + intermediate.CertificatePem + "\n");
        }
        else
        {
            using var bare = X509CertificateLoader.LoadCertificate(intermediate.Certificate.RawData);
            var all = new X509Certificate2Collection { bare, leaf.Certificate };
            (path, key) = (_folder.Write("leaf.pfx", all.Export(X509ContentType.Pkcs12, "open")!), null!);
        }

        await using var host = await SocketHost.StartAsync(socket =>
            (socket.Certificate.Path, socket.Certificate.KeyPath, socket.Certificate.Password) = (path, key, form == "pfx" ? "open" : null));
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Fact]
    public async Task FollowsTheIntermediateCertificatesOfAClient_ToItsAuthority()
    {
        using var intermediate = TestCertificates.Intermediate(_authority);
        using var own = TestCertificates.Client(intermediate);
        using var other = TestCertificates.Authority("Another authority");
        using var otherIntermediate = TestCertificates.Intermediate(other, "Another intermediate");
        using var bad = TestCertificates.Client(otherIntermediate);
        var authority = _folder.Write("authority.crt", _authority.CertificatePem);
        await using var host = await StartAsync(socket =>
        {
            socket.ClientCertificate.Request = true;
            socket.ClientCertificate.AuthorityPath = authority;
        });
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority, own, intermediate));

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
        await IsRefusedAsync(host, TestCertificates.Trusting(_authority, bad, otherIntermediate));
        await IsRefusedAsync(host, TestCertificates.Trusting(_authority, _server));
    }

    [Fact]
    public async Task TakesBreaksAndManyPackets()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        foreach (var piece in (string[])["par", "amAdd key=", "1\r", "\nparamView k", "ey\r\n"])
        {
            await client.SendAsync(piece);
        }

        await client.ExpectAsync(Wire.Ok(1));
        await client.ExpectAsync(Wire.Ok(2, "\"1\""));
        await client.SendBytesAsync([0x04]);
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task FinishesWhatItWasAsked_AfterTheClientsEnd()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        await client.LineAsync("""{"action":"wait","params":{"gate":"tls"}}""");
        await host.Gate("tls").Entered.WithinLimit();
        await client.HalfCloseAsync();
        host.Gate("tls").Open();

        await client.ExpectAsync(Wire.Answer(1, "\"gate\":\"tls\""));
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task CutsAPlainClientOff_WithoutALine()
    {
        await using var host = await StartAsync();
        await using var plain = await host.ConnectRawAsync();
        await plain.LineAsync("randomNumber");
        var received = "nothing"u8.ToArray();
        try
        {
            received = await plain.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Reset: cut off all the same.
        }

        System.Text.Encoding.UTF8.GetString(received).ShouldNotContain("welcome");
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Fact]
    public async Task AsksForNoCertificate_Unless()
    {
        using var own = TestCertificates.Client(_authority);
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority, own));

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Fact]
    public async Task RequiresACertificateOfItsAuthority_WhereOneIsAskedFor()
    {
        using var good = TestCertificates.Client(_authority);
        using var otherAuthority = TestCertificates.Authority("Another authority");
        using var bad = TestCertificates.Client(otherAuthority);
        var authority = _folder.Write("authority.crt", _authority.CertificatePem);
        await using var host = await StartAsync(socket =>
        {
            socket.ClientCertificate.Request = true;
            socket.ClientCertificate.AuthorityPath = authority;
        });
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority, good));

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
        await IsRefusedAsync(host, TestCertificates.Trusting(_authority));
        await IsRefusedAsync(host, TestCertificates.Trusting(_authority, bad));
    }

    [Fact]
    public async Task TakesAnyOrNone_WhereTheUnauthorizedAreNotRejected()
    {
        using var otherAuthority = TestCertificates.Authority("Another authority");
        using var bad = TestCertificates.Client(otherAuthority);
        await using var host = await StartAsync(socket =>
        {
            socket.ClientCertificate.Request = true;
            socket.ClientCertificate.RejectUnauthorized = false;
        });
        foreach (var tls in (SslClientAuthenticationOptions[])[TestCertificates.Trusting(_authority), TestCertificates.Trusting(_authority, bad)])
        {
            await using var client = await host.ConnectAsync(tls);
            await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
        }
    }

    [Fact]
    public async Task SpeaksPlainly_WhereSecureIsFalse()
    {
        await using var host = await StartAsync(socket => socket.Secure = false);
        await using var client = await host.ConnectAsync();

        await client.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
    }

    [Fact]
    public async Task StopsWithTlsClients()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        var stopping = host.StopAsync();

        await client.ExpectGoodbyeAsync();
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    public void Dispose()
    {
        _server.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    // In TLS 1.3 the client learns of it only when it reads.
    private static async Task IsRefusedAsync(SocketHost host, SslClientAuthenticationOptions tls)
    {
        var refused = await Should.ThrowAsync<Exception>(async () =>
        {
            await using var client = await host.ConnectAsync(tls);
        });
        refused.ShouldBeAssignableTo<Exception>();
        (refused is IOException or AuthenticationException).ShouldBeTrue(refused.ToString());
    }

    private Task<SocketHost> StartAsync(Action<SocketOptions>? socket = null, string? password = null)
    {
        var (certificate, key) = _server.WriteTo(_folder, passphrase: password);
        return SocketHost.StartAsync(options =>
        {
            options.Certificate.Path = certificate;
            options.Certificate.KeyPath = key;
            socket?.Invoke(options);
        });
    }
}
