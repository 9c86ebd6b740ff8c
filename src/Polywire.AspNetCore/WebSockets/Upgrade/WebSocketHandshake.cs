using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Http.HeaderValues;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>The headers of the opening handshake of RFC 6455, section 4.2.</summary>
internal static class WebSocketHandshake
{
    private const int KeyBytes = 16;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a request of HTTP/1.1 wants to leave it, for whatever protocol.</summary>
    public static bool WantsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 && HasToken(request.Headers.Connection, "Upgrade");

    /// <summary>Checks what every version of HTTP has in its opening handshake.</summary>
    /// <returns>Null, or the status and the reason to refuse it with.</returns>
    public static (int Status, string Reason)? Check(HttpRequest request)
    {
        if (request.Headers.SecWebSocketVersion is not ["13"])
        {
            return (StatusCodes.Status426UpgradeRequired, "Sec-WebSocket-Version is not 13");
        }

        return Protocol(request) is { } protocol && protocol.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? (StatusCodes.Status400BadRequest, "Sec-WebSocket-Protocol is wrong")
            : null;
    }

    /// <summary>The first sub-protocol that a client offers: browsers want one chosen. Null where it offers none.</summary>
    public static string? Protocol(HttpRequest request)
    {
        // A list may have empty elements (RFC 9110, 5.6.1).
        foreach (var line in request.Headers.SecWebSocketProtocol)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[part].Trim() is { IsEmpty: false } protocol)
                {
                    return protocol.ToString();
                }
            }
        }

        return null;
    }

    /// <summary>The proof that the key was read.</summary>
    public static string Accept(string key)
    {
        Span<byte> text = stackalloc byte[KeyBytes * 2 + 36 + 8];
        var length = Encoding.ASCII.GetBytes(key, text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[length..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 names SHA-1; nothing secret depends on it.
        SHA1.HashData(text[..(length + 36)], hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    /// <summary>Whether a key has its form: 16 bytes in base64.</summary>
    public static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var written) && written == KeyBytes;
    }

    /// <summary>Whether a header that is a list has an element, in any case.</summary>
    public static bool HasToken(in StringValues header, string token)
    {
        foreach (var line in header)
        {
            foreach (var element in new HeaderList(line))
            {
                if (element.Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
