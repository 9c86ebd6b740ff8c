using System.Diagnostics.CodeAnalysis;
using Polywire.Doors;

namespace Polywire.Outbound;

/// <summary>A message for many connections: its JSON once, and its bytes once for each kind of wire that needs them.</summary>
/// <remarks>Safe to use concurrently: receivers behind middleware are delivered to in parallel.</remarks>
/// <param name="json">One JSON object in UTF-8; not changed any more.</param>
[Experimental("PWX0001")]
public sealed class BroadcastMessage(ReadOnlyMemory<byte> json)
{
    // References, which are written whole; the bytes of a struct of two words could be seen half written.
    private readonly Encoded?[] _encoded = new Encoded?[WireFormat.Count];

    /// <summary>The message without a frame.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>The message as one kind of wire has it, made when it is first asked for.</summary>
    public ReadOnlyMemory<byte> For(WireFormat format)
    {
        if (format.Index >= _encoded.Length)
        {
            // A door that was opened meanwhile.
            return format.Encode(Json);
        }

        ref var place = ref _encoded[format.Index];
        if (Volatile.Read(ref place) is { } known)
        {
            return known.Bytes;
        }

        // Two threads may both encode it; all receivers get the bytes of one of them.
        var made = new Encoded(format.Encode(Json));
        return (Interlocked.CompareExchange(ref place, made, null) ?? made).Bytes;
    }

    private sealed class Encoded(ReadOnlyMemory<byte> bytes)
    {
        public ReadOnlyMemory<byte> Bytes { get; } = bytes;
    }
}
