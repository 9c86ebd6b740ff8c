using System.Buffers;
using System.Globalization;
using Polywire.Hosting;

namespace Polywire.AspNetCore.WebSockets.Client;

/// <summary>What settings of the client file may say.</summary>
internal static class ClientOptionsCheck
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\?#%*:\"<>| ");
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public static OptionsCheck ClientFiles(this OptionsCheck check, WebSocketServerOptions options)
    {
        const string NameRule = "a file name without its ending is required, as in 'polywireClient'";
        check
            .That(string.IsNullOrEmpty(options.ClientJsName) || IsName(options.ClientJsName), nameof(options.ClientJsName), options.ClientJsName, NameRule)
            .That(
                options.ClientJsPath.Trim('/') is var path && (path.Length == 0 || path.Split('/').All(IsName)),
                nameof(options.ClientJsPath), options.ClientJsPath, "a folder below the public ones is required, as in 'javascript/'")
            .That(
                string.IsNullOrEmpty(options.ClientUrl) || options.ClientUrl == ClientSettings.PageOrigin || IsOrigin(options.ClientUrl),
                nameof(options.ClientUrl), options.ClientUrl, "an origin is required, as in 'https://www.example.com'");
        for (var i = 0; i < options.ClientJsAliases?.Count; i++)
        {
            var alias = options.ClientJsAliases[i];
            check.That(IsName(alias), string.Create(CultureInfo.InvariantCulture, $"{nameof(options.ClientJsAliases)}:{i}"), alias, NameRule);
        }

        const string Client = nameof(options.Client);
        var reconnect = options.Client.Reconnect;
        const string Reconnect = $"{Client}:{nameof(options.Client.Reconnect)}";
        return check
            .Between($"{Client}:{nameof(options.Client.Timeout)}", options.Client.Timeout ?? default, TimeSpan.Zero, Day)
            .Between($"{Client}:{nameof(options.Client.RequestTimeout)}", options.Client.RequestTimeout ?? default, TimeSpan.Zero, Day)
            .Between($"{Client}:{nameof(options.Client.QueueSize)}", options.Client.QueueSize ?? 0, 0, int.MaxValue)
            .Between($"{Reconnect}:{nameof(reconnect.Min)}", reconnect.Min, TimeSpan.FromMilliseconds(1), Day)
            .Between($"{Reconnect}:{nameof(reconnect.Max)}", reconnect.Max, reconnect.Min, Day)
            .Between($"{Reconnect}:{nameof(reconnect.Factor)}", reconnect.Factor, 1, 100)
            .Between($"{Reconnect}:{nameof(reconnect.Retries)}", reconnect.Retries, 0, int.MaxValue);
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 } && name[0] != '.' && !name.AsSpan().ContainsAny(NotInNames) && !name.AsSpan().ContainsAnyInRange('\0', '\x1f');

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss" && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
