using System.Net;
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
            .Between(nameof(options.HandshakeTimeout), options.HandshakeTimeout, TimeSpan.FromMilliseconds(1), Longest)
            .Between(nameof(options.MaxMessageSize), options.MaxMessageSize, LeastMessageSize, int.MaxValue / 2)
            .Between(nameof(options.PingInterval), options.PingInterval, TimeSpan.Zero, Longest)
            .Between(nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue)
            .Result;
}
