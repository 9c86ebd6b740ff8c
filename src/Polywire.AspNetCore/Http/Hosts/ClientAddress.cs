using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

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
        return (forwarded.Count == 0 && port.Count == 0 && real.Count == 0) || !proxies.Trust(peer) || proxies.IsSettled(http)
            ? address
            : Forwarded(address, forwarded, port, real, proxies);
    }

    private static ClientAddress Forwarded(
        ClientAddress address, in StringValues forwarded, in StringValues portHeader, in StringValues realHeader, TrustedProxies proxies)
    {
        // A proxy adds to what its client sent, so only what stands right of the first stranger was written by one that is trusted.
        var list = new EntriesFromRight(forwarded);
        var (isEmpty, socketPort) = (true, address.Port);
        while (list.MoveNext())
        {
            isEmpty = false;
            if (!TryParse(list.Current, out var ip, out var port))
            {
                break;
            }

            // A proxy that writes no port leaves that of the socket, but for the older form of version 6.
            address = new ClientAddress(Text(ip), port < 0 ? socketPort : port);
            if (!proxies.Trust(ip))
            {
                break;
            }
        }

        var real = new EntriesFromRight(realHeader);
        if (isEmpty && real.MoveNext() && TryParseIP(real.Current, out var own))
        {
            address = address with { IP = Text(own) };
        }

        var ports = new EntriesFromRight(portHeader);
        return ports.MoveNext()
            && int.TryParse(ports.Current, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= ushort.MaxValue
                ? address with { Port = number }
                : address;
    }

    // 1.2.3.4, 1.2.3.4:5, ::1, [::1], [::1]:5. The port is -1 where the entry says none.
    private static bool TryParse(ReadOnlySpan<char> text, out IPAddress ip, out int port)
    {
        (ip, port) = (IPAddress.None, -1);
        if (text.Length is 0 or > LongestAddress)
        {
            return false;
        }

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

        return TryParseIP(text, out ip);
    }

    // The framework takes 1, 1.2, 0x7f.1 and 010.0.0.1 for addresses too, and scopes, which say something on one machine only.
    private static bool TryParseIP(ReadOnlySpan<char> text, out IPAddress ip)
    {
        ip = IPAddress.None;
        if (text.Length > LongestAddress || text.Contains('%') || (!text.Contains(':') && !IsDotted(text)) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        ip = parsed;
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

    private static bool TryReadPort(ReadOnlySpan<char> text, ref int port) =>
        text.IsEmpty
        || (text[0] == ':' && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue);

    private static string Text(IPAddress address) =>
        (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address).ToString();
}
