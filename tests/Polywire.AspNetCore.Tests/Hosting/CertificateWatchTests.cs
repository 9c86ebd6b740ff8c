#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Certificates that are renewed while the server runs.</summary>
public sealed class CertificateWatchTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly TestCertificate _authority = TestCertificates.Authority();
    private readonly TestCertificate _first;
    private readonly TestCertificate _second;

    public CertificateWatchTests() => (_first, _second) = (TestCertificates.Server(_authority), TestCertificates.Server(_authority));

    [Fact]
    public async Task OfTheSocketServerAreTakenWithinAMinute_AndConnectionsGoOn()
    {
        var (path, key) = _first.WriteTo(_folder);
        await using var host = await SocketHost.StartAsync(
            socket => (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key),
            more: (_, builder, _) => builder.Services.AddSingleton<TimeProvider>(_time));
        await using var before = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        ShownTo(before).ShouldBe(_first.Certificate.Thumbprint);

        _second.WriteTo(_folder);
        _time.Advance(Minute);

        await using var after = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        ShownTo(after).ShouldBe(_second.Certificate.Thumbprint);
        await before.ExpectAsync("randomNumber", Wire.Answer(1, "\"value\":0.5"));
        host.Logs.GetSnapshot().Count(log => log.Id.Id == ServerEventIds.CertificateRenewed).ShouldBe(1);
    }

    [Fact]
    public async Task ThatAreBrokenLeaveTheFormerOneInForce()
    {
        var (path, key) = _first.WriteTo(_folder);
        await using var host = await SocketHost.StartAsync(
            socket => (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key),
            more: (_, builder, _) => builder.Services.AddSingleton<TimeProvider>(_time));
        var told = 0;
        foreach (var breakIt in (Action[])[
            () => File.WriteAllText(path, "rubbish"), () => File.WriteAllText(path, ""), () => File.WriteAllText(path, _second.CertificatePem),
            () => File.Delete(key), () => File.Delete(path)])
        {
            breakIt();
            _time.Advance(Minute);
            _time.Advance(Minute);

            await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
            ShownTo(client).ShouldBe(_first.Certificate.Thumbprint);
            var warnings = host.Logs.GetSnapshot().Where(log => log.Id.Id == ServerEventIds.CertificateNotRenewed).ToList();
            warnings.Count.ShouldBe(++told);
            (warnings[^1].Level, warnings[^1].Message.Contains("Polywire:Socket:Certificate", StringComparison.Ordinal)).ShouldBe((LogLevel.Warning, true));
        }

        _second.WriteTo(_folder);
        _time.Advance(Minute);
        await using var last = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        ShownTo(last).ShouldBe(_second.Certificate.Thumbprint);
    }

    [Fact]
    public async Task OfTheWebServerAreTakenWithinAMinute()
    {
        var (path, key) = _first.WriteTo(_folder);
        await using var host = await WebHost.StartAsync(
            web => (web.Secure, web.BindIP, web.Port, web.Certificate.Path, web.Certificate.KeyPath) = (true, "127.0.0.1", 0, path, key),
            (builder, _) => builder.Services.AddSingleton<TimeProvider>(_time),
            urls: null);
        (await ShownAsync(host.Address.Port)).ShouldBe(_first.Certificate.Thumbprint);

        _second.WriteTo(_folder);
        _time.Advance(Minute);

        (await ShownAsync(host.Address.Port)).ShouldBe(_second.Certificate.Thumbprint);
    }

    [Fact]
    public async Task AreFoundBehindLinks()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var (name, certificate) in ((string, TestCertificate)[])[("one", _first), ("two", _second)])
        {
            _folder.Write($"{name}/s.crt", certificate.CertificatePem);
            _folder.Write($"{name}/s.key", certificate.KeyPem);
        }

        File.CreateSymbolicLink(_folder["now"], _folder["one"]);
        await using var host = await SocketHost.StartAsync(
            socket => (socket.Certificate.Path, socket.Certificate.KeyPath) = (Path.Combine(_folder["now"], "s.crt"), Path.Combine(_folder["now"], "s.key")),
            more: (_, builder, _) => builder.Services.AddSingleton<TimeProvider>(_time));
        Directory.Delete(_folder["now"]);
        File.CreateSymbolicLink(_folder["now"], _folder["two"]);
        _time.Advance(Minute);

        await using var client = await host.ConnectAsync(TestCertificates.Trusting(_authority));
        ShownTo(client).ShouldBe(_second.Certificate.Thumbprint);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private static string ShownTo(TcpLineClient client) => new X509Certificate2(((SslStream)client.Stream).RemoteCertificate!).Thumbprint;

    private async Task<string> ShownAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port).WithinLimit();
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(TestCertificates.Trusting(_authority)).WithinLimit();
        return new X509Certificate2(stream.RemoteCertificate!).Thumbprint;
    }
}
