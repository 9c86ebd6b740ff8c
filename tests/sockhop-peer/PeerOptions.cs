using System.Net;
using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

/// <summary>The options of the command line.</summary>
internal static class PeerOptions
{
    public static Role Create(JsonElement given)
    {
        var echo = Flag(given, "echo") ?? false;
        var quiet = Flag(given, "quiet") ?? false;
        if (given.GetProperty("role").GetString() == "server")
        {
            var server = new SockhopServerOptions();
            Fill(server, given);
            return new ServerRole(server, Time(given, "sessionStartDelay") ?? TimeSpan.Zero, echo, quiet);
        }

        var client = new SockhopClientOptions();
        Fill(client, given);
        client.ConnectTimeout = Time(given, "connectTimeout") ?? client.ConnectTimeout;
        client.ReconnectInterval = Time(given, "autoReconnectInterval") ?? client.ReconnectInterval;
        client.RehandshakeInterval = Time(given, "autoRehandshakeInterval") ?? client.RehandshakeInterval;
        client.Reconnect = Flag(given, "autoRehandshake") == true ? SockhopReconnectMode.Handshake
            : Flag(given, "autoReconnect") == true ? SockhopReconnectMode.Connect
            : SockhopReconnectMode.None;
        return new ClientRole(client, echo, quiet);
    }

    private static void Fill(SockhopOptions options, JsonElement given)
    {
        options.UnixSocketPath = given.TryGetProperty("path", out var path) ? path.GetString() : null;
        options.Address = given.TryGetProperty("address", out var address) ? IPAddress.Parse(address.GetString()!) : options.Address;
        options.Port = Number(given, "port") ?? options.Port;
        options.AllowNonObjects = Flag(given, "allowNonObjects") ?? options.AllowNonObjects;
        options.CompatibilityMode = Flag(given, "compatibilityMode") ?? options.CompatibilityMode;
        options.AllowBinaryMode = Flag(given, "allowBinaryMode") ?? options.AllowBinaryMode;
        options.HandshakeTimeout = Time(given, "handshakeTimeout") ?? options.HandshakeTimeout;
        options.MaxMessageSize = Number(given, "maxMessageSize") ?? options.MaxMessageSize;
        if (given.TryGetProperty("terminator", out var terminator))
        {
            options.Terminator = terminator.ValueKind == JsonValueKind.Array
                ? SockhopTerminator.Split(terminator[0].GetString()!, terminator[1].GetString()!)
                : SockhopTerminator.Both(terminator.GetString()!);
        }
    }

    private static bool? Flag(JsonElement given, string name) => given.TryGetProperty(name, out var flag) ? flag.GetBoolean() : null;

    private static int? Number(JsonElement given, string name) => given.TryGetProperty(name, out var number) ? number.GetInt32() : null;

    private static TimeSpan? Time(JsonElement given, string name) =>
        given.TryGetProperty(name, out var time) ? TimeSpan.FromMilliseconds(time.GetDouble()) : null;
}
