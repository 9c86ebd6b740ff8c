using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.WebSockets.Client;

/// <summary>Writes the settings that a served client has as its defaults.</summary>
internal static class ClientSettings
{
    /// <summary>What older configurations say for the page's own origin, which is the client's default.</summary>
    public const string PageOrigin = "window.location.origin";

    /// <summary>One object: JSON that may stand in a script, also in a page: nothing in it ends either.</summary>
    public static ReadOnlySpan<byte> Write(WebSocketServerOptions server, WebOptions web, PathString pathBase)
    {
        var client = server.Client;
        var root = pathBase.ToUriComponent();
        var output = new ArrayBufferWriter<byte>(256);

        // The writer's own rules escape what HTML and scripts understand otherwise than JSON: <, >, &, U+2028 and U+2029.
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        if (server.ClientUrl is { Length: > 0 } url && url != PageOrigin)
        {
            json.WriteString("url"u8, url.TrimEnd('/'));
        }

        json.WriteString("path"u8, $"{root}/{server.Path.Trim('/')}");

        // One that is set is the whole path.
        json.WriteString("apiPath"u8, client.ApiPath is { } path ? '/' + path.Trim('/') : $"{root}/{web.UrlPathForActions?.Trim('/')}");
        json.WriteString("cookieKey"u8, client.CookieKey ?? web.FingerprintOptions.CookieKey);
        json.WriteNumber("pingTimeout"u8, Milliseconds(server.PingInterval * 1.5));
        Write(json, "timeout"u8, client.Timeout);
        Write(json, "requestTimeout"u8, client.RequestTimeout);
        Write(json, "rejoin"u8, client.Rejoin);
        Write(json, "fallback"u8, client.Fallback);
        if (client.QueueSize is { } size)
        {
            json.WriteNumber("queueSize"u8, size);
        }

        Write(json, client.Reconnect);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, WebSocketClientReconnectOptions reconnect)
    {
        if (!reconnect.Enabled)
        {
            json.WriteBoolean("reconnect"u8, false);
            return;
        }

        json.WriteStartObject("reconnect"u8);
        json.WriteNumber("min"u8, Milliseconds(reconnect.Min));
        json.WriteNumber("max"u8, Milliseconds(reconnect.Max));
        json.WriteNumber("factor"u8, reconnect.Factor);
        json.WriteNumber("retries"u8, reconnect.Retries);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } value)
        {
            json.WriteNumber(name, Milliseconds(value));
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? flag)
    {
        if (flag is { } value)
        {
            json.WriteBoolean(name, value);
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
