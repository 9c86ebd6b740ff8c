using Microsoft.Extensions.Configuration;

namespace Polywire.AspNetCore.Compatibility.Primus;

/// <summary>Keys of ActionHero's configuration that say nothing here.</summary>
/// <remarks>Source: docs/guide/from-actionhero.md, "servers.websocket".</remarks>
internal static class ActionHeroSettings
{
    private const string Authorize = ": WebSocketServerOptions.Authorize is set in code";

    // Of Primus; they stood in "server", but people write them here too.
    private static readonly string[] WithoutEffect =
    [
        "parser", "transformer", "plugin", "methods", "credentials", "maxAge", "headers", "exposed", "timeout", "ping", "pong", "strategy",
        "network", "manual", "websockets", "transport",
    ];

    // Of the clients that ActionHero configures, beside those.
    private static readonly string[] Client = [.. WithoutEffect, "url", "reconnect timeout"];

    /// <summary>Names in the server's section that are ActionHero's, with an effect or without.</summary>
    public static string[] Names { get; } = [.. WithoutEffect, "server", "pathname", "authorization", nameof(WebSocketServerOptions.Authorize)];

    /// <summary>Names in the clients' section, and below its <c>reconnect</c>, that are ActionHero's.</summary>
    public static string[] ClientNames => Client;

    /// <summary>Finds the keys without effect.</summary>
    /// <param name="section">That of the WebSocket server.</param>
    /// <returns>The path of each, and what else to know: empty, or what follows in a sentence.</returns>
    public static IEnumerable<(string Path, string More)> FindWithoutEffect(IConfigurationSection section)
    {
        foreach (var setting in section.GetChildren())
        {
            if (Is(setting, "authorization") || Is(setting, nameof(WebSocketServerOptions.Authorize)))
            {
                yield return (setting.Path, Authorize);
            }
            else if (IsOneOf(setting, WithoutEffect) || (Is(setting, "pathname") && section["Path"] is not null))
            {
                yield return (setting.Path, string.Empty);
            }
        }

        foreach (var setting in section.GetSection("server").GetChildren())
        {
            if (Is(setting, "authorization"))
            {
                yield return (setting.Path, Authorize);
            }
            else if (!IsTaken(section, setting))
            {
                yield return (setting.Path, string.Empty);
            }
        }

        var client = section.GetSection("client");
        foreach (var setting in client.GetChildren().Concat(client.GetSection("reconnect").GetChildren()).Where(static setting => IsOneOf(setting, Client)))
        {
            // One that is ours too has its effect: "timeout" of the client.
            if (!setting.Key.Equals(nameof(WebSocketClientOptions.Timeout), StringComparison.OrdinalIgnoreCase))
            {
                yield return (setting.Path, string.Empty);
            }
        }
    }

    // Of those in "server"; one that stands where it belongs wins.
    private static bool IsTaken(IConfigurationSection section, IConfigurationSection former) =>
        Is(former, "pathname") ? (section["Path"] ?? section["pathname"]) is null
        : Is(former, "origins") && !section.GetSection("Origins").Exists();

    private static bool Is(IConfigurationSection setting, string key) => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static bool IsOneOf(IConfigurationSection setting, string[] keys) => keys.Contains(setting.Key, StringComparer.OrdinalIgnoreCase);
}
