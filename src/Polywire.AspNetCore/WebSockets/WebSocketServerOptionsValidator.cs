using System.Buffers;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.WebSockets.Client;
using Polywire.Hosting;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Stops the start on a bad setting of the WebSocket server.</summary>
internal sealed class WebSocketServerOptionsValidator : IValidateOptions<WebSocketServerOptions>
{
    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#\\{}*% ");

    public ValidateOptionsResult Validate(string? name, WebSocketServerOptions options)
    {
        var check = new OptionsCheck("Polywire:WebSocket")
            .That(
                options.Path.Trim('/').Length > 0 && !options.Path.AsSpan().ContainsAny(NotInPaths),
                nameof(options.Path), options.Path, "a path is required, as in '/primus'")
            .Between(nameof(options.PingInterval), options.PingInterval, TimeSpan.Zero, TimeSpan.FromHours(24))
            .Between(nameof(options.MaxMessageLength), options.MaxMessageLength, 1, 1024 * 1024 * 1024)
            .Between(nameof(options.MaxQueueLength), options.MaxQueueLength ?? 1024, 1024, int.MaxValue)
            .Between(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, int.MaxValue);
        for (var i = 0; i < options.Origins.Count; i++)
        {
            var origin = options.Origins[i];
            check.That(
                origin is "*" or "null" || WebSocketOrigins.TryParse(origin, out _),
                $"{nameof(options.Origins)}:{i}", origin, "an origin is required, as in 'https://www.example.com', or '*'");
        }

        return check.ClientFiles(options).Result;
    }
}
