using System.Diagnostics.CodeAnalysis;

namespace Polywire.Doors;

/// <summary>How one JSON message looks on one kind of wire; each kind has one instance.</summary>
[Experimental("PWX0001")]
public abstract class WireFormat
{
    private static int _count;

    /// <summary>Makes a format: one for each kind of wire, for the life of the process.</summary>
    protected WireFormat() => Index = Interlocked.Increment(ref _count) - 1;

    /// <summary>A small number of its own, for tables.</summary>
    public int Index { get; }

    /// <summary>How many there are by now.</summary>
    internal static int Count => Volatile.Read(ref _count);

    /// <summary>Puts the frame around a message that goes to many.</summary>
    public abstract ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json);
}
