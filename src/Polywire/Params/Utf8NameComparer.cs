using System.Buffers;
using System.Text;

#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Protocol;
#else
namespace Polywire.Params;
#endif

/// <summary>Compares names ordinally and lets a table keyed by text be asked with UTF-8 bytes, so that a known name makes no string.</summary>
/// <remarks>The hash is not keyed: use it only for tables whose keys the application chooses.</remarks>
internal sealed class Utf8NameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const int StackLimit = 256;

    private Utf8NameComparer()
    {
    }

    public static Utf8NameComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string obj)
    {
        var size = Encoding.UTF8.GetMaxByteCount(obj.Length);
        byte[]? rented = null;
        var bytes = size <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return GetHashCode((ReadOnlySpan<byte>)bytes[..Encoding.UTF8.GetBytes(obj, bytes)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
    {
        if (alternate.Length == other.Length)
        {
            return Ascii.Equals(alternate, other);
        }

        // Other lengths can be equal only outside ASCII.
        return alternate.Length > other.Length && string.Equals(Encoding.UTF8.GetString(alternate), other, StringComparison.Ordinal);
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // FNV-1a
        var hash = 2166136261u;
        foreach (var b in alternate)
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)hash;
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
