using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Legacy;

/// <summary>Takes packets as they come: like replies they overtake a handler, which may wait for them.</summary>
internal sealed class LegacyPacketHandler(Func<SockhopPeer, LegacyExchange> exchangeOf) : Handler
{
    public override WorkItem CreateItem(Connection connection, in Frame frame) =>
        new Item(exchangeOf((SockhopPeer)connection.Owner), FrameValue.Read<LegacyResponsePacket>(connection, frame), frame.Size);

    private sealed class Item(LegacyExchange exchange, LegacyResponsePacket? packet, long size) : WorkItem
    {
        public override void Run()
        {
            if (packet is not null)
            {
                exchange.Take(packet, size);
            }
        }
    }
}
