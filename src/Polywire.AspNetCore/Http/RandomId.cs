using System.Security.Cryptography;

namespace Polywire.AspNetCore.Http;

/// <summary>Random ids for requests that need one or two each.</summary>
/// <remarks>
/// The system's generator costs about as much for one byte as for many, so each thread draws a page of its bytes at a time. Bytes are
/// wiped when they are given out. Safe to use concurrently.
/// </remarks>
internal static class RandomId
{
    private const int Page = 1024;

    [ThreadStatic]
    private static byte[]? _page;

    [ThreadStatic]
    private static int _used;

    /// <summary>Hexadecimal digits, lower case.</summary>
    /// <param name="bytes">Random bytes, two digits for each; 1 to 64.</param>
    public static string Hex(int bytes)
    {
        Span<byte> random = stackalloc byte[64];
        Take(random[..bytes]);
        return Convert.ToHexStringLower(random[..bytes]);
    }

    /// <summary>A random UUID (RFC 9562, version 4), 36 characters.</summary>
    public static string Uuid()
    {
        Span<byte> random = stackalloc byte[16];
        Take(random);
        random[6] = (byte)((random[6] & 0x0f) | 0x40);
        random[8] = (byte)((random[8] & 0x3f) | 0x80);
        return new Guid(random, bigEndian: true).ToString();
    }

    private static void Take(Span<byte> bytes)
    {
        var page = _page ??= new byte[Page];
        if (_used == 0 || _used + bytes.Length > page.Length)
        {
            RandomNumberGenerator.Fill(page);
            _used = 0;
        }

        var taken = page.AsSpan(_used, bytes.Length);
        taken.CopyTo(bytes);
        taken.Clear();
        _used += bytes.Length;
    }
}
