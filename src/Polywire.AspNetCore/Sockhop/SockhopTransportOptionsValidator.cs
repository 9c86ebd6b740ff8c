using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>Stops the start on a bad setting of the Sockhop server.</summary>
internal sealed class SockhopTransportOptionsValidator : IValidateOptions<SockhopTransportOptions>
{
    private const int LeastMessageSize = 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SockhopTransportOptions options) =>
        new OptionsCheck("Polywire:Sockhop")
            .Between(nameof(options.Port), options.Port, 0, 65_535)
            .That(
                options.UnixSocketPath is not null || IPAddress.TryParse(options.BindIP, out _),
                nameof(options.BindIP),
                options.BindIP,
                "an IP address is required")
            .That(
                options.UnixSocketPath is null || IsSocketPath(options.UnixSocketPath),
                nameof(options.UnixSocketPath),
                options.UnixSocketPath,
                "a path that the system takes for a socket is required: on Linux at most 107 bytes")
            .Between(nameof(options.HandshakeTimeout), options.HandshakeTimeout, TimeSpan.FromMilliseconds(1), Longest)
            .Between(nameof(options.MaxMessageSize), options.MaxMessageSize, LeastMessageSize, int.MaxValue / 2)
            .Between(nameof(options.PingInterval), options.PingInterval, TimeSpan.Zero, Longest)
            .Between(nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue)
            .Between(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, int.MaxValue)
            .Result;

    private static bool IsSocketPath(string path)
    {
        try
        {
            _ = new UnixDomainSocketEndPoint(path);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
