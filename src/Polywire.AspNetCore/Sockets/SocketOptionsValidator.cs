using System.Net;
using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Stops the start on a bad setting of the socket server.</summary>
internal sealed class SocketOptionsValidator : IValidateOptions<SocketOptions>
{
    public ValidateOptionsResult Validate(string? name, SocketOptions options)
    {
        var certificate = options.Certificate;
        var isPkcs12 = System.IO.Path.GetExtension(certificate.Path) is ".pfx" or ".p12";
        return new OptionsCheck("Polywire:Socket")
            .Between(nameof(options.Port), options.Port, 0, 65_535)
            .That(
                options.UnixSocketPath is not null || IPAddress.TryParse(options.BindIP, out _),
                nameof(options.BindIP),
                options.BindIP,
                "an IP address is required")
            .NotEmpty(nameof(options.Delimiter), options.Delimiter)
            .Between(nameof(options.MaxDataLength), options.MaxDataLength, 0, int.MaxValue)
            .Between(nameof(options.MaxLineBytes), options.MaxLineBytes, 0, int.MaxValue)
            .Between(nameof(options.Backlog), options.Backlog, 1, 65_535)
            .That(
                options.Secure != true || certificate.Path is not null,
                "Certificate:Path",
                certificate.Path,
                "Secure needs a certificate")
            .That(
                certificate.Path is null || isPkcs12 || certificate.KeyPath is not null,
                "Certificate:KeyPath",
                certificate.KeyPath,
                "a PEM certificate needs its key")
            .That(
                certificate.Path is null || File.Exists(certificate.Path),
                "Certificate:Path",
                certificate.Path,
                "there is no such file")
            .That(
                certificate.KeyPath is null || File.Exists(certificate.KeyPath),
                "Certificate:KeyPath",
                certificate.KeyPath,
                "there is no such file")
            .That(
                options.ClientCertificate.AuthorityPath is not { } authority || File.Exists(authority),
                "ClientCertificate:AuthorityPath",
                options.ClientCertificate.AuthorityPath,
                "there is no such file")
            .Result;
    }
}
