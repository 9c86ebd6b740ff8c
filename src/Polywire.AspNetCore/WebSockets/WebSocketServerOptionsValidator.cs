using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.WebSockets.Client;
using Polywire.AspNetCore.WebSockets.Upgrade;
using Polywire.Hosting;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Stops the start on a bad setting of the WebSocket server.</summary>
internal sealed class WebSocketServerOptionsValidator : IValidateOptions<WebSocketServerOptions>
{
    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#\\{}*% ");

    // Timers count milliseconds, and an interval is gone through in several steps.
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, WebSocketServerOptions options)
    {
        var check = new OptionsCheck(WebSocketServerOptionsSetup.Section)
            .That(
                options.Path.Trim('/').Length > 0 && !options.Path.AsSpan().ContainsAny(NotInPaths),
                nameof(options.Path), options.Path, "a path is required, as in '/primus'")
            .That(
                options.PingInterval == TimeSpan.Zero || (options.PingInterval >= LeastInterval && options.PingInterval <= LongestInterval),
                nameof(options.PingInterval), options.PingInterval,
                string.Create(CultureInfo.InvariantCulture, $"allowed is {LeastInterval} to {LongestInterval}, or zero for never"))
            .Between(nameof(options.MaxMessageLength), options.MaxMessageLength, 1, 1024 * 1024 * 1024)
            .Between(nameof(options.MaxQueueLength), options.MaxQueueLength ?? 1024, 1024, int.MaxValue)
            .Between(nameof(options.MaxConnections), options.MaxConnections, 0, int.MaxValue)
            .Between(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, int.MaxValue);
        for (var i = 0; i < options.Origins.Count; i++)
        {
            var origin = options.Origins[i];
            check.That(
                origin is "*" || WebSocketOrigins.TryParse(origin, out _),
                $"{nameof(options.Origins)}:{i}", origin, "an origin is required, as in 'https://www.example.com' or 'capacitor://localhost', or '*'");
        }

        return check.ClientFiles(options).Result;
    }
}
