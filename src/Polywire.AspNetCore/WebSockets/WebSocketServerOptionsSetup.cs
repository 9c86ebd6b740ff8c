using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Takes settings as older applications write them, which binding would pass over without a word.</summary>
internal sealed class WebSocketServerOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSocketServerOptions>
{
    private const string Section = "Polywire:WebSocket";

    public void Configure(WebSocketServerOptions options)
    {
        var section = configuration.GetSection(Section);
        if (section["Path"] is null && section["Pathname"] is { Length: > 0 } path)
        {
            options.Path = path;
        }

        // A list written as one text would be no list at all, and let every page in.
        foreach (var origin in section["Origins"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            options.Origins.Add(origin);
        }

        if (bool.TryParse(section["Client:Reconnect"], out var reconnects))
        {
            options.Client.Reconnect.Enabled = reconnects;
        }
    }
}
