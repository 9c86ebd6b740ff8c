using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Certificates that cannot be used stop the start, naming the setting; docs/protocol/socket.md, 1.5.</summary>
public sealed class SocketCertificateSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _server = TestCertificates.SelfSigned();

    [Fact]
    public Task NamesTheCertificate_ThatIsNone() =>
        FailsAsync("Polywire:Socket:Certificate:Path", "it holds no certificate in PEM", (socket, _, key) =>
            (socket.Certificate.Path, socket.Certificate.KeyPath) = (_folder.Write("bad.crt", "no certificate"), key));

    [Fact]
    public Task NamesTheCertificate_ThatIsGarbled() =>
        FailsAsync("Polywire:Socket:Certificate:Path", "it cannot be read (", (socket, _, key) =>
            (socket.Certificate.Path, socket.Certificate.KeyPath) =
                (_folder.Write("bad.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), key));

    [Fact]
    public Task NamesTheKey_ThatIsNone() =>
        FailsAsync("Polywire:Socket:Certificate:KeyPath", "it cannot be read without a Password as the key of the certificate (", (socket, path, _) =>
            (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, _folder.Write("bad.key", "no key")));

    [Fact]
    public Task NamesTheKey_OfAnotherCertificate()
    {
        using var other = TestCertificates.SelfSigned();
        var (_, key) = other.WriteTo(_folder, "other");
        return FailsAsync("Polywire:Socket:Certificate:KeyPath", "as the key of the certificate (", (socket, path, _) =>
            (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key));
    }

    [Theory, InlineData(null, "without a Password"), InlineData("wrong-word", "with the Password that is set")]
    public Task NamesTheKey_WhosePasswordIsAnother_WithoutTellingIt(string? password, string told)
    {
        var (path, key) = _server.WriteTo(_folder, "locked", passphrase: "right-word");
        return FailsAsync("Polywire:Socket:Certificate:KeyPath", told, (socket, _, _) =>
            (socket.Certificate.Path, socket.Certificate.KeyPath, socket.Certificate.Password) = (path, key, password));
    }

    [Fact]
    public Task NamesThePkcs12File_WhosePasswordIsAnother() =>
        FailsAsync("Polywire:Socket:Certificate:Path", "it cannot be read with the Password that is set (", (socket, _, _) =>
            (socket.Certificate.Path, socket.Certificate.Password) =
                (_folder.Write("locked.pfx", _server.Certificate.Export(X509ContentType.Pkcs12, "right-word")), "wrong-word"));

    [Fact]
    public Task NamesThePkcs12File_WithoutAKey() =>
        FailsAsync("Polywire:Socket:Certificate:Path", "it holds no private key", (socket, _, _) =>
        {
            using var bare = X509CertificateLoader.LoadCertificate(_server.Certificate.RawData);
            socket.Certificate.Path = _folder.Write("bare.pfx", bare.Export(X509ContentType.Pkcs12));
        });

    [Fact]
    public Task NamesTheAuthorities_ThatAreNone() =>
        FailsAsync("Polywire:Socket:ClientCertificate:AuthorityPath", "it holds no certificate in PEM", (socket, path, key) =>
        {
            (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key);
            socket.ClientCertificate.Request = true;
            socket.ClientCertificate.AuthorityPath = _folder.Write("bad.crt", "");
        });

    [Fact]
    public Task AsksNoClientForACertificate_WithoutOneOfItsOwn() =>
        FailsAsync("Polywire:Socket:ClientCertificate:Request is 'True'", "which needs Certificate:Path", (socket, _, _) =>
            socket.ClientCertificate.Request = true);

    [Fact]
    public Task AsksNoClientForACertificate_WhereSecureIsFalse() =>
        FailsAsync("Polywire:Socket:ClientCertificate:Request is 'True'", "a Secure that is not false", (socket, path, key) =>
        {
            (socket.Certificate.Path, socket.Certificate.KeyPath) = (path, key);
            socket.Secure = false;
            socket.ClientCertificate.Request = true;
        });

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private async Task FailsAsync(string setting, string reason, Action<SocketOptions, string, string> set)
    {
        var (path, key) = _server.WriteTo(_folder);
        var exception = await Should.ThrowAsync<OptionsValidationException>(async () =>
            await (await SocketHost.StartAsync(socket => set(socket, path, key))).DisposeAsync());

        var failure = exception.Failures.ShouldHaveSingleItem();
        failure.ShouldStartWith(setting);
        failure.ShouldContain(reason);
        failure.ShouldNotContain("-word");
    }
}
