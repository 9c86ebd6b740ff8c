using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

/// <summary>The options of the command line.</summary>
internal static class PeerOptions
{
    // The largest values that the options take: a message's size, and what a timer holds.
    private const int LargestNumber = int.MaxValue - (1 << 20);
    private const double LongestTime = uint.MaxValue - 1;

    public static Role Create(JsonElement given)
    {
        var echo = Flag(given, "echo") ?? false;
        var quiet = Flag(given, "quiet") ?? false;
        if (given.GetProperty("role").GetString() == "server")
        {
            var server = new SockhopServerOptions();
            Fill(server, given);
            server.Address = Text(given, "address") is { } address ? Resolve(address) : server.Address;
            return new ServerRole(server, Time(given, "sessionStartDelay") ?? TimeSpan.Zero, echo, quiet);
        }

        var client = new SockhopClientOptions();
        Fill(client, given);
        client.Host = Text(given, "address");
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
        options.UnixSocketPath = Text(given, "path");
        options.Port = Number(given, "port") ?? options.Port;
        options.Terminator = Terminator(given) ?? options.Terminator;
        options.AllowNonObjects = Flag(given, "allowNonObjects") ?? options.AllowNonObjects;
        options.CompatibilityMode = Flag(given, "compatibilityMode") ?? options.CompatibilityMode;
        options.AllowBinaryMode = Flag(given, "allowBinaryMode") ?? options.AllowBinaryMode;
        options.HandshakeTimeout = Time(given, "handshakeTimeout") ?? options.HandshakeTimeout;

        // A flood may ask as much as it likes.
        options.MaxPendingRequests = int.MaxValue;
        options.MaxMessageSize = Number(given, "maxMessageSize") ?? options.MaxMessageSize;
    }

    // What the Node library takes for nothing is nothing here too: 0, an empty text, null.
    private static JsonElement? Member(JsonElement given, string name) =>
        given.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static bool? Flag(JsonElement given, string name) => Member(given, name)?.GetBoolean();

    private static string? Text(JsonElement given, string name) => Member(given, name)?.GetString() is { Length: > 0 } text ? text : null;

    private static int? Number(JsonElement given, string name) =>
        Member(given, name)?.GetDouble() is { } number and > 0 ? (int)Math.Min(number, LargestNumber) : null;

    private static TimeSpan? Time(JsonElement given, string name) =>
        Member(given, name)?.GetDouble() is { } time and > 0 ? TimeSpan.FromMilliseconds(Math.Clamp(time, 1, LongestTime)) : null;

    private static SockhopTerminator? Terminator(JsonElement given) => Member(given, "terminator") switch
    {
        { ValueKind: JsonValueKind.String } both when both.GetString() is { Length: > 0 } text => SockhopTerminator.Both(text),
        { ValueKind: JsonValueKind.Array } pair => SockhopTerminator.Split(OrNewLine(pair[0]), OrNewLine(pair[1])),
        _ => null,
    };

    private static string OrNewLine(JsonElement terminator) => terminator.GetString() is { Length: > 0 } text ? text : "\n";

    private static IPAddress Resolve(string address) => IPAddress.TryParse(address, out var literal)
        ? literal
        : Dns.GetHostAddresses(address).OrderBy(found => found.AddressFamily != AddressFamily.InterNetwork).First();
}
