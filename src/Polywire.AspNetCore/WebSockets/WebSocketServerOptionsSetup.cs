using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>Takes settings as older applications write them, which binding would pass over without a word.</summary>
internal sealed class WebSocketServerOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSocketServerOptions>
{
    public const string Section = $"{PolywireServiceCollectionExtensions.ConfigurationSection}:WebSocket";

    public void Configure(WebSocketServerOptions options)
    {
        var section = configuration.GetSection(Section);
        if (section["Path"] is null && (section["Pathname"] ?? section["Server:Pathname"]) is { Length: > 0 } path)
        {
            options.Path = path;
        }

        // A list written as one text, or in its former place, would be no list at all, and let every page in.
        var origins = section.GetSection("Origins");
        foreach (var origin in origins.Exists() ? Split(origins.Value) : ListOf(section.GetSection("Server:Origins")))
        {
            options.Origins.Add(origin);
        }

        // An empty list is empty text here, and binding makes nothing of it.
        if (section["ClientJsAliases"] is { } aliases)
        {
            options.ClientJsAliases = Split(aliases);
        }

        if (bool.TryParse(section["Client:Reconnect"], out var reconnects))
        {
            options.Client.Reconnect.Enabled = reconnects;
        }
    }

    private static IEnumerable<string> ListOf(IConfigurationSection section) =>
        section.GetChildren().Select(item => item.Value).OfType<string>().Concat(Split(section.Value));

    private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
