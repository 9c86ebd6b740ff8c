using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>Counts the connections of one door, all together and by address.</summary>
/// <remarks>
/// Addresses of version 6 count by their first 64 bits, which is what one subscriber has of them. A Unix socket has no address. There is an entry for
/// each address that is connected, so there are never more of them than connections. Safe to use concurrently.
/// </remarks>
/// <param name="max">Connections at once; 0 for any number.</param>
/// <param name="maxPerAddress">Connections of one address; 0 for any number.</param>
internal sealed class ConnectionGate(int max, int maxPerAddress)
{
    private readonly Dictionary<UInt128, int> _addresses = [];
    private int _count;

    public int Max => max;

    public int MaxPerAddress => maxPerAddress;

    /// <summary>Connections that are in.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the address of a connection is of any interest.</summary>
    public bool CountsAddresses => maxPerAddress > 0;

    /// <summary>Addresses that are in.</summary>
    public int Addresses
    {
        get
        {
            lock (_addresses)
            {
                return _addresses.Count;
            }
        }
    }

    /// <summary>Counts a connection in; each that came in is to be counted out with the same address.</summary>
    /// <param name="address">Where it comes from; null is not counted by address.</param>
    public GateAnswer TryEnter(IPAddress? address)
    {
        if (Interlocked.Increment(ref _count) > max && max > 0)
        {
            Interlocked.Decrement(ref _count);
            return GateAnswer.TooMany;
        }

        if (CountsAddresses && address is not null && !TryEnterAddress(KeyOf(address)))
        {
            Interlocked.Decrement(ref _count);
            return GateAnswer.TooManyOfAddress;
        }

        return GateAnswer.In;
    }

    /// <summary>Counts a connection out.</summary>
    public void Leave(IPAddress? address)
    {
        Interlocked.Decrement(ref _count);
        if (!CountsAddresses || address is null)
        {
            return;
        }

        var key = KeyOf(address);
        lock (_addresses)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_addresses, key);
            if (!Unsafe.IsNullRef(ref count) && --count == 0)
            {
                _addresses.Remove(key);
            }
        }
    }

    private bool TryEnterAddress(UInt128 key)
    {
        lock (_addresses)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, key, out _);
            if (count >= maxPerAddress)
            {
                return false;
            }

            count++;
            return true;
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            bytes[8..].Clear();
        }
        else
        {
            // Apart from every prefix of version 6: those end with zeros.
            bytes[15] = 1;
            (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes[8..], out _);
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
