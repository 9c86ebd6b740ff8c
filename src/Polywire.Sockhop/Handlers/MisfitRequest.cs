using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>A request that does not fit its handler: reported already, it is still answered in its turn.</summary>
internal sealed class MisfitRequest(Connection connection, in Frame frame, Exception exception) : HandledItem(connection, frame.Size)
{
    private readonly CallbackId _id = new(frame.Id, frame.IdIsJson);

    protected override ValueTask HandleAsync() => Outbound.ReplyErrorAsync(Connection, _id, exception);

    protected override void Report(Exception exception)
    {
        // Nothing of the application ran.
    }
}
