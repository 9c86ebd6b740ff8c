using System.Net;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Hosting;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Stops the start on a bad setting of the socket server.</summary>
internal sealed class SocketOptionsValidator : IValidateOptions<SocketOptions>
{
    public ValidateOptionsResult Validate(string? name, SocketOptions options)
    {
        var check = new OptionsCheck("Polywire:Socket")
            .Between(nameof(options.Port), options.Port, 0, 65_535)
            .That(
                options.UnixSocketPath is not null || IPAddress.TryParse(options.BindIP, out _),
                nameof(options.BindIP),
                options.BindIP,
                "an IP address is required")
            .NotEmpty(nameof(options.Delimiter), options.Delimiter)
            .Between(nameof(options.MaxDataLength), options.MaxDataLength, 0, int.MaxValue)
            .Between(nameof(options.MaxLineBytes), options.MaxLineBytes, 0, int.MaxValue)
            .Between(nameof(options.MaxConnections), options.MaxConnections, 0, int.MaxValue)
            .Between(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, int.MaxValue)
            .Between(nameof(options.Backlog), options.Backlog, 1, 65_535)
            .That(
                options.Secure != true || options.Certificate.Path is not null,
                "Certificate:Path",
                options.Certificate.Path,
                "Secure needs a certificate");
        CheckCertificate(check, options.Certificate);
        CheckClientCertificate(check, options);
        return check.Result;
    }

    private static void CheckCertificate(OptionsCheck check, CertificateOptions certificate)
    {
        if (certificate.Path is not { } path)
        {
            return;
        }

        if (certificate.KeyPath is null && !CertificateFile.IsPkcs12(path))
        {
            check.That(false, "Certificate:KeyPath", null, "a PEM certificate needs its key");
        }
        else
        {
            CertificateFile.Check(check, path, certificate.KeyPath, certificate.Password);
        }
    }

    private static void CheckClientCertificate(OptionsCheck check, SocketOptions options)
    {
        var client = options.ClientCertificate;
        check.That(
            !client.Request || (options.Secure != false && options.Certificate.Path is not null),
            "ClientCertificate:Request",
            client.Request,
            "clients can be asked in TLS only, which needs Certificate:Path and a Secure that is not false");
        if (client.AuthorityPath is not { } authority)
        {
            return;
        }

        try
        {
            CertificateFile.LoadAll(authority);
        }
        catch (CertificateFileException exception)
        {
            check.That(false, "ClientCertificate:AuthorityPath", authority, exception.Message);
        }
    }
}
