using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Polywire.Sockhop.Peer;

/// <summary>The ids of one connection's requests: UUIDs whose last twelve digits count, so that a reply's id leads to its request.</summary>
internal readonly struct RequestIds
{
    public const int Length = 36;
    private const int CounterDigits = 12;
    private const int PrefixLength = Length - CounterDigits;

    private readonly byte[]? _prefix;

    private RequestIds(byte[] prefix)
    {
        _prefix = prefix;
    }

    public static RequestIds Create() => new(Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture)[..PrefixLength]));

    /// <summary>Writes the id of a number between 0 and 2⁴⁸.</summary>
    public void Write(long number, Span<byte> destination)
    {
        _prefix.CopyTo(destination);
        Utf8Formatter.TryFormat(number, destination[PrefixLength..], out _, new System.Buffers.StandardFormat('x', CounterDigits));
    }

    /// <summary>Finds the number of an id that was made here; none was by the default value.</summary>
    public bool TryRead(ReadOnlySpan<byte> id, out long number)
    {
        number = 0;
        if (_prefix is null || id.Length != Length || !id.StartsWith(_prefix))
        {
            return false;
        }

        foreach (var c in id[PrefixLength..])
        {
            int digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            number = (number << 4) | (uint)digit;
        }

        return true;
    }
}
