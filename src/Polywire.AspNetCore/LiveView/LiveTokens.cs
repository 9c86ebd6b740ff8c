using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Proofs that a page was let in, which its WebSocket shows: good for half a minute, on this node, until it stops.</summary>
/// <remarks>A page of another origin can open a WebSocket, but cannot read a token.</remarks>
internal sealed class LiveTokens(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Create() => Sign((time.GetUtcNow() + Life).ToUnixTimeMilliseconds());

    public bool IsGood(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && end >= time.GetUtcNow().ToUnixTimeMilliseconds()
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Sign(end)));
    }

    private string Sign(long end)
    {
        var text = end.ToString(CultureInfo.InvariantCulture);
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)))}";
    }
}
