using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Polywire.AspNetCore.Http;

/// <summary>Percent-encoded text, decoded strictly: all of it is right, or none of it counts.</summary>
/// <remarks>The framework's decoders leave in place what they cannot decode, so that two different texts can come out equal.</remarks>
internal static class PercentText
{
    private const int StackLimit = 512;

    private static readonly SearchValues<char> Marks = SearchValues.Create("%+");

    /// <summary>Decodes once, as UTF-8.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> is a space, as in queries, or itself, as in paths.</param>
    /// <param name="decoded"><paramref name="text"/> itself where there was nothing to decode.</param>
    /// <returns><see langword="false"/> for a <c>%</c> without two hex digits, and for bytes that are no UTF-8.</returns>
    public static bool TryDecode(string text, bool plusIsSpace, [NotNullWhen(true)] out string? decoded)
    {
        if (!text.AsSpan().ContainsAny(Marks))
        {
            decoded = text;
            return true;
        }

        return TryDecode(text.AsSpan(), plusIsSpace, out decoded);
    }

    /// <inheritdoc cref="TryDecode(string, bool, out string?)"/>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, [NotNullWhen(true)] out string? decoded)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var bytes = size <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            decoded = TryDecode(text, plusIsSpace, bytes, out var written) && Utf8.IsValid(bytes[..written])
                ? Encoding.UTF8.GetString(bytes[..written])
                : null;
            return decoded is not null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> bytes, out int written)
    {
        written = 0;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Marks);
            plain = plain < 0 ? text.Length : plain;
            written += Encoding.UTF8.GetBytes(text[..plain], bytes[written..]);
            text = text[plain..];
            if (text.IsEmpty)
            {
                break;
            }

            if (text[0] == '+')
            {
                bytes[written++] = (byte)(plusIsSpace ? ' ' : '+');
                text = text[1..];
                continue;
            }

            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            {
                return false;
            }

            bytes[written++] = (byte)((HexValue(text[1]) << 4) | HexValue(text[2]));
            text = text[3..];
        }

        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
