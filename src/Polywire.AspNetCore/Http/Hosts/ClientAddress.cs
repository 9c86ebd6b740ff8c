using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>Where a request comes from, after the headers of proxies that are believed.</summary>
/// <param name="IP">The address; <c>unix</c> for a Unix socket.</param>
/// <param name="Port">The port; 0 where there is none.</param>
/// <remarks>Source: docs/protocol/http-routing.md, "Client address".</remarks>
internal readonly record struct ClientAddress(string IP, int Port)
{
    // [xxxx:xxxx:xxxx:xxxx:xxxx:xxxx:255.255.255.255]:65535 and a scope; longer is rubbish.
    private const int LongestAddress = 100;

    /// <summary>Reads the address.</summary>
    public static ClientAddress Of(HttpContext http, TrustedProxies proxies)
    {
        var peer = http.Connection.RemoteIpAddress;
        var address = peer is null ? new ClientAddress("unix", 0) : new ClientAddress(Text(peer), http.Connection.RemotePort);
        var headers = http.Request.Headers;
        var forwarded = headers["X-Forwarded-For"];
        var port = headers["X-Forwarded-Port"];
        var real = headers["X-Real-IP"];
        if ((forwarded.Count == 0 && port.Count == 0 && real.Count == 0) || !proxies.Trust(peer))
        {
            return address;
        }

        if (forwarded.Count > 0 && TryParse(First(forwarded[0]), out var client))
        {
            // A proxy that writes no port leaves that of the socket, but for the older form of version 6.
            address = client.Port < 0 ? client with { Port = address.Port } : client;
        }

        if (port.Count > 0 && int.TryParse(port[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ushort.MaxValue)
        {
            address = address with { Port = number };
        }

        if (real.Count > 0 && real[0] is { Length: <= LongestAddress } text && TryParseIP(text.AsSpan().Trim(), out var ip))
        {
            address = address with { IP = ip };
        }

        return address;
    }

    /// <summary>Reads one entry of the header: <c>1.2.3.4</c>, <c>1.2.3.4:5</c>, <c>::1</c>, <c>[::1]</c>, <c>[::1]:5</c>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="address">What it says; the port is -1 where it says none.</param>
    /// <returns>Whether it is an address.</returns>
    public static bool TryParse(ReadOnlySpan<char> entry, out ClientAddress address)
    {
        address = default;
        var text = entry.Trim();
        if (text.Length is 0 or > LongestAddress)
        {
            return false;
        }

        var port = -1;
        if (text[0] == '[')
        {
            var close = text.IndexOf(']');
            if (close < 0 || !TryReadPort(text[(close + 1)..], ref port))
            {
                return false;
            }

            text = text[1..close];
            port = port < 0 ? 80 : port;
        }
        else if (text.Contains('.') || !text.Contains(':'))
        {
            // An address of version 4, perhaps mapped into version 6: what follows the last colon is the port.
            text = text.StartsWith("::ffff:", StringComparison.OrdinalIgnoreCase) ? text[7..] : text;
            var colon = text.IndexOf(':');
            if (colon >= 0 && !TryReadPort(text[colon..], ref port))
            {
                return false;
            }

            text = colon < 0 ? text : text[..colon];
        }
        else
        {
            port = 80;
        }

        if (!TryParseIP(text, out var ip))
        {
            return false;
        }

        address = new ClientAddress(ip, port);
        return true;
    }

    // The framework takes 1, 1.2, 0x7f.1 and 010.0.0.1 for addresses too, and scopes, which say something on one machine only.
    private static bool TryParseIP(ReadOnlySpan<char> text, out string ip)
    {
        ip = string.Empty;
        if (text.Contains('%') || (!text.Contains(':') && !IsDotted(text)) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        ip = Text(parsed);
        return true;
    }

    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }
        }

        return parts == 4;
    }

    private static ReadOnlySpan<char> First(string? list)
    {
        var text = list.AsSpan();
        return text.IndexOf(',') is var comma and >= 0 ? text[..comma] : text;
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, ref int port) =>
        text.IsEmpty
        || (text[0] == ':' && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue);

    private static string Text(IPAddress address) =>
        (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address).ToString();
}
