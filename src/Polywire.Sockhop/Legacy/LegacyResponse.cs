using System.Threading.Channels;

namespace Polywire.Sockhop.Legacy;

/// <summary>The packets of one response that came and wait to be read.</summary>
internal sealed class LegacyResponse(string uuid)
{
    private readonly Channel<(LegacyResponsePacket Packet, long Cost)> _packets =
        Channel.CreateUnbounded<(LegacyResponsePacket, long)>(new UnboundedChannelOptions { SingleReader = true });

    private long _waiting;

    public string Uuid => uuid;

    /// <summary>Adds a packet, unless that makes too many.</summary>
    public bool TryAdd(LegacyResponsePacket packet, long cost, long limit) =>
        Interlocked.Add(ref _waiting, cost) <= limit && _packets.Writer.TryWrite((packet, cost));

    /// <summary>Lets the reader fail once it has read what came before.</summary>
    public void Fail(SockhopException error) => _packets.Writer.TryComplete(error);

    /// <summary>Waits for the next packet.</summary>
    /// <exception cref="SockhopException">There will be none.</exception>
    public async ValueTask<LegacyResponsePacket> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (packet, cost) = await _packets.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _waiting, -cost);
            return packet;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is SockhopException error)
        {
            throw new SockhopException(error.Code, error.Message, error);
        }
    }
}
