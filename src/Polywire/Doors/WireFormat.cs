namespace Polywire.Doors;

/// <summary>How one JSON message looks on one kind of wire; each kind has one instance.</summary>
internal abstract class WireFormat
{
    private static int _count;

    protected WireFormat() => Index = Interlocked.Increment(ref _count) - 1;

    /// <summary>A small number of its own, for tables.</summary>
    public int Index { get; }

    /// <summary>Puts the frame around a message that goes to many.</summary>
    public abstract ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json);
}
