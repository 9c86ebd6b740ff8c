using System.Text;
using System.Text.Json;
using Polywire.Params;

namespace Polywire.Diagnostics;

/// <summary>Names of which everybody knows that their values are secret, however they are written.</summary>
/// <remarks>Source: docs/protocol/core.md, L-2. Holds no state that changes.</remarks>
internal sealed class SecretNames
{
    private const int LongestName = 128;

    private static readonly HashSet<string> WellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "passwd", "pwd", "passphrase", "pin", "secret", "clientSecret", "token", "accessToken", "refreshToken", "idToken", "apiKey",
        "authorization", "cookie", "creditCard", "cardNumber", "cvc", "cvv",
    };

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names = WellKnown.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a name is one of them: without regard to case, <c>_</c> and <c>-</c>, and also as the last part of <c>user[password]</c> or <c>user.password</c>.</summary>
    public bool Contains(ReadOnlySpan<char> name) => IsKnown(name) || (Tail(name) is var tail && tail.Length < name.Length && IsKnown(tail));

    /// <inheritdoc cref="Contains(ReadOnlySpan{char})"/>
    public bool Contains(ReadOnlySpan<byte> utf8)
    {
        // Of a long name the end is enough: none of them is longer.
        utf8 = utf8[Math.Max(0, utf8.Length - LongestName)..];
        Span<char> name = stackalloc char[LongestName];
        return Contains((ReadOnlySpan<char>)name[..Encoding.UTF8.GetChars(utf8, name)]);
    }

    /// <summary>Whether a text is the beginning of JSON that has a member of such a name.</summary>
    /// <param name="text">What is shown of it.</param>
    public bool AreInJson(ReadOnlySpan<char> text)
    {
        if (text.TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        var json = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var reader = new Utf8JsonReader(
            json.AsSpan(0, Encoding.UTF8.GetBytes(text.TrimStart(), json)), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 256 }));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && Contains(ParamValue.ReadString(ref reader)))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON, or no more of it.
        }

        return false;
    }

    private bool IsKnown(ReadOnlySpan<char> name)
    {
        if (name.Length > LongestName)
        {
            return false;
        }

        Span<char> plain = stackalloc char[LongestName];
        var length = 0;
        foreach (var character in name)
        {
            if (character is not ('_' or '-'))
            {
                plain[length++] = character;
            }
        }

        return _names.Contains(plain[..length]);
    }

    private static ReadOnlySpan<char> Tail(ReadOnlySpan<char> name)
    {
        while (name.EndsWith("[]", StringComparison.Ordinal))
        {
            name = name[..^2];
        }

        if (name is [.., ']'] && name.LastIndexOf('[') is var open and >= 0)
        {
            return name[(open + 1)..^1];
        }

        return name[(name.LastIndexOf('.') + 1)..];
    }
}
