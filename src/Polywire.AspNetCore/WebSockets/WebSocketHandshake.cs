using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>The opening handshake of RFC 6455, section 4.2.</summary>
internal static class WebSocketHandshake
{
    private const int KeyBytes = 16;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a request wants to leave HTTP, for whatever protocol.</summary>
    public static bool WantsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 && HasToken(request.Headers.Connection, "Upgrade");

    /// <summary>Whether a request wants to leave HTTP for WebSocket.</summary>
    public static bool WantsWebSocket(HttpRequest request) => WantsUpgrade(request) && HasToken(request.Headers.Upgrade, "websocket");

    /// <summary>Checks a request that <see cref="WantsUpgrade"/>.</summary>
    /// <returns>Null, or the status and the reason to refuse it with.</returns>
    public static (int Status, string Reason)? Check(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "Only GET can be upgraded");
        }

        if (!HasToken(request.Headers.Upgrade, "websocket"))
        {
            return (StatusCodes.Status400BadRequest, "Upgrade is not websocket");
        }

        if (request.Headers.SecWebSocketKey is not [{ } key] || !IsKey(key))
        {
            return (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key is missing or wrong");
        }

        if (request.Headers.SecWebSocketVersion is not ["13"])
        {
            return (StatusCodes.Status426UpgradeRequired, "Sec-WebSocket-Version is not 13");
        }

        return Protocol(request) is { } protocol && (protocol.Length == 0 || protocol.AsSpan().ContainsAnyExcept(TokenCharacters))
            ? (StatusCodes.Status400BadRequest, "Sec-WebSocket-Protocol is wrong")
            : null;
    }

    /// <summary>The first sub-protocol that a client offers: browsers want one chosen. Null where it offers none.</summary>
    public static string? Protocol(HttpRequest request)
    {
        if (request.Headers.SecWebSocketProtocol is not [{ } offered, ..])
        {
            return null;
        }

        var comma = offered.IndexOf(',', StringComparison.Ordinal);
        return (comma < 0 ? offered : offered[..comma]).Trim();
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

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var written) && written == KeyBytes;
    }

    private static bool HasToken(in StringValues header, string token)
    {
        foreach (var line in header)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
