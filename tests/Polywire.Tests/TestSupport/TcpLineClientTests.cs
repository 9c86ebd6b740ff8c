using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.TestSupport;

public sealed class TcpLineClientTests : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpLineClientTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task ReadsLinesJsonBytesAndTheRestInTheOrderTheyCame()
    {
        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!);
        using var server = await AcceptAsync();

        await SendAsync(server, "one\r\n{\"a\":[1]}\r\nraw\r\nrest");
        server.Shutdown(SocketShutdown.Send);

        (await client.ReadLineAsync()).ShouldBe("one");
        (await client.ReadJsonAsync()).GetProperty("a")[0].GetInt32().ShouldBe(1);
        (await client.ReadBytesAsync(4)).ShouldBe("raw\r"u8.ToArray());
        Encoding.UTF8.GetString(await client.ReadToEndAsync()).ShouldBe("\nrest");
        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task SaysWhatThereWasOfALineThatTheServerCutOff()
    {
        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!);
        using var server = await AcceptAsync();
        await SendAsync(server, "half a l");
        server.Shutdown(SocketShutdown.Send);

        var exception = await Should.ThrowAsync<EndOfStreamException>(client.ReadLineAsync);

        exception.Message.ShouldContain("half a l");
    }

    [Fact]
    public async Task SendsAndReadsOnAfterItsHalfClose()
    {
        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!);
        using var server = await AcceptAsync();

        await client.SendAsync("grüße\n");
        await client.HalfCloseAsync();
        using var stream = new NetworkStream(server);
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WithinLimit()).ShouldBe("grüße\n");
        await SendAsync(server, "still here\r\n");

        (await client.ReadLineAsync()).ShouldBe("still here");
    }

    [Fact]
    public async Task ResetsWithoutAFin()
    {
        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!);
        using var server = await AcceptAsync();

        client.Reset();

        var exception = await Should.ThrowAsync<SocketException>(() => server.ReceiveAsync(new byte[1]).WithinLimit());
        exception.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task AResetByTheServerIsNotAnEnd()
    {
        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!);
        var server = await AcceptAsync();

        server.LingerState = new LingerOption(true, 0);
        server.Close();

        await Should.ThrowAsync<IOException>(client.ReadToEndAsync);
    }

    [Fact]
    public async Task ConnectsToAUnixSocket()
    {
        using var folder = new TemporaryFolder();
        var endPoint = new UnixDomainSocketEndPoint(folder["s"]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endPoint);
        listener.Listen();

        await using var client = await TcpLineClient.ConnectAsync(endPoint);
        using var server = await listener.AcceptAsync(TestContext.Current.CancellationToken).WithinLimit();
        await SendAsync(server, "unix\r\n");

        (await client.ReadLineAsync()).ShouldBe("unix");
    }

    [Theory]
    [InlineData(TestKey.Ecdsa)]
    [InlineData(TestKey.Rsa)]
    public async Task TrustsACertificateThatSignedItself(TestKey kind)
    {
        using var certificate = TestCertificates.SelfSigned(kind);
        var serving = ServeTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate });

        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!, TestCertificates.Trusting(certificate));

        (await client.ReadLineAsync()).ShouldBe("hello nobody");
        await client.HalfCloseAsync();
        await serving.WithinLimit();
    }

    [Fact]
    public async Task ShowsAClientCertificateOfTheSameAuthority()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, TestKey.Rsa);
        using var own = TestCertificates.Client(authority, "alice");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Certificate);
        var serving = ServeTlsAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate.Certificate,
            ClientCertificateRequired = true,
            CertificateChainPolicy = policy,
        });

        await using var client = await TcpLineClient.ConnectAsync(_listener.LocalEndPoint!, TestCertificates.Trusting(authority, own));

        (await client.ReadLineAsync()).ShouldBe("hello CN=alice");
        await client.HalfCloseAsync();
        await serving.WithinLimit();
    }

    [Fact]
    public async Task RefusesACertificateOfAnotherAuthority()
    {
        using var authority = TestCertificates.Authority();
        using var stranger = TestCertificates.SelfSigned();
        var serving = ServeTlsAsync(new SslServerAuthenticationOptions { ServerCertificate = stranger.Certificate });

        await Should.ThrowAsync<AuthenticationException>(
            () => TcpLineClient.ConnectAsync(_listener.LocalEndPoint!, TestCertificates.Trusting(authority)));
        await Should.ThrowAsync<Exception>(() => serving.WithinLimit());
    }

    [Theory]
    [InlineData(TestKey.Ecdsa, null)]
    [InlineData(TestKey.Rsa, null)]
    [InlineData(TestKey.Ecdsa, "secret")]
    [InlineData(TestKey.Rsa, "secret")]
    public void WritesPemFilesThatLoadAgain(TestKey kind, string? passphrase)
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned(kind);

        var (path, keyPath) = certificate.WriteTo(folder, "server", passphrase);

        using var loaded = passphrase is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, passphrase, keyPath);
        loaded.HasPrivateKey.ShouldBeTrue();
        loaded.Thumbprint.ShouldBe(certificate.Certificate.Thumbprint);
    }

    [Fact]
    public void ATemporaryFolderGoesWithItsFiles()
    {
        var folder = new TemporaryFolder();
        var path = folder.Write("sub/file.txt", "text");
        File.ReadAllText(path).ShouldBe("text");

        folder.Dispose();
        folder.Dispose();

        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text)).WithinLimit();

    private Task<Socket> AcceptAsync() => _listener.AcceptAsync(TestContext.Current.CancellationToken).WithinLimit();

    private async Task ServeTlsAsync(SslServerAuthenticationOptions options)
    {
        using var socket = await AcceptAsync();
        await using var secure = new SslStream(new NetworkStream(socket));
        await secure.AuthenticateAsServerAsync(options, TestContext.Current.CancellationToken).WithinLimit();
        await secure.WriteAsync(Encoding.UTF8.GetBytes($"hello {secure.RemoteCertificate?.Subject ?? "nobody"}\r\n")).WithinLimit();
        (await secure.ReadAsync(new byte[1]).WithinLimit()).ShouldBe(0);
    }
}
