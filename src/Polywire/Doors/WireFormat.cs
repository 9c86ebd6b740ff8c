using System.Diagnostics.CodeAnalysis;

namespace Polywire.Doors;

/// <summary>The frame that one kind of wire puts around a JSON message for many connections; each kind has one instance.</summary>
[Experimental("PWX0001")]
public abstract class WireFormat
{
    private static int _count;

    /// <summary>Makes a format: one for each kind of wire, for the life of the process.</summary>
    protected WireFormat() => Index = Interlocked.Increment(ref _count) - 1;

    /// <summary>A small number that no other format has, for tables of formats.</summary>
    public int Index { get; }

    /// <summary>How many there are by now.</summary>
    internal static int Count => Volatile.Read(ref _count);

    /// <summary>Puts the frame around a message. Called concurrently; the result is shared by all receivers and must not change.</summary>
    /// <param name="json">One JSON object in UTF-8; not to be changed.</param>
    public abstract ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json);
}
