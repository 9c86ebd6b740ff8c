using Polywire.Doors;

namespace Polywire.Outbound;

/// <summary>A message for many connections: its JSON once, and its bytes once for each kind of wire that needs them.</summary>
/// <param name="json">One JSON object in UTF-8; not changed any more.</param>
internal sealed class BroadcastMessage(ReadOnlyMemory<byte> json)
{
    private const int Formats = 8;
    private readonly ReadOnlyMemory<byte>[] _encoded = new ReadOnlyMemory<byte>[Formats];

    public ReadOnlyMemory<byte> Json { get; } = json;

    public ReadOnlyMemory<byte> For(WireFormat format)
    {
        ref var encoded = ref _encoded[format.Index];
        if (encoded.IsEmpty)
        {
            encoded = format.Encode(Json);
        }

        return encoded;
    }
}
