using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Polywire.Redis.Bus;

/// <summary>Signs messages between nodes, and checks those of others (cluster.md NO-48). Safe to use concurrently.</summary>
/// <param name="secret">What all nodes of the cluster know, and never tell.</param>
internal sealed class BusSignature(string secret)
{
    /// <summary>The bytes of a signature as it is written: base64url without padding.</summary>
    public const int Length = 43;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>Writes the signature of a message.</summary>
    /// <param name="head">Its header without the field of the signature.</param>
    /// <param name="body">Its body.</param>
    /// <param name="to">Has <see cref="Length"/> bytes.</param>
    public void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, Span<byte> to)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var length = head.Length + 1 + body.Length;
        var signed = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            head.CopyTo(signed);
            signed[head.Length] = (byte)'\n';
            body.CopyTo(signed.AsSpan(head.Length + 1));
            HMACSHA256.HashData(_key, signed.AsSpan(0, length), hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(signed);
        }

        Base64Url.EncodeToUtf8(hash, to);
    }

    /// <summary>Whether a signature is that of a message. Takes the same time wherever it differs.</summary>
    public bool IsRight(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Length)
        {
            return false;
        }

        Span<byte> right = stackalloc byte[Length];
        Write(head, body, right);
        return CryptographicOperations.FixedTimeEquals(right, signature);
    }
}
