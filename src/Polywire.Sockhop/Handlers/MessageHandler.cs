using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Takes messages as they are.</summary>
internal sealed class MessageHandler<TPeer>(Func<SockhopMessage, TPeer, CancellationToken, ValueTask> handle, bool takesBytes = false) : Handler
    where TPeer : SockhopPeer
{
    public override bool TakesBytes => takesBytes;

    public override WorkItem CreateItem(Connection connection, in Frame frame)
    {
        var message = SockhopMessage.Keep(connection, frame, out var block);
        return new Item(connection, handle, message, block, frame.Size);
    }

    private sealed class Item(
        Connection connection,
        Func<SockhopMessage, TPeer, CancellationToken, ValueTask> handle,
        SockhopMessage message,
        ReceiveBlock? block,
        long size)
        : HandledItem(connection, size)
    {
        protected override ValueTask HandleAsync() => handle(message, (TPeer)Connection.Owner, Connection.Ended);

        protected override ValueTask ReplyErrorAsync(Exception exception) =>
            message.IsRequest && !message.IsAnswered ? Outbound.ReplyErrorAsync(Connection, message.Id, exception) : default;

        protected override void Release()
        {
            if (block is not null)
            {
                message.Forget();
                block.Release();
            }
        }
    }
}
