using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Takes requests of one type and answers each with what it returns.</summary>
internal sealed class RequestHandler<TPeer, TRequest, TReply>(string type, Func<TRequest, TPeer, CancellationToken, ValueTask<TReply>> handle) : Handler
    where TPeer : SockhopPeer
{
    public override bool TakesBytes => FrameValue.IsBytes(typeof(TRequest));

    public override WorkItem CreateItem(Connection connection, in Frame frame)
    {
        var id = new CallbackId(frame.Id, frame.IdIsJson);
        if (typeof(TRequest) == typeof(ReadOnlyMemory<byte>))
        {
            connection.Keep(frame, out var bytes, out var block);
            return new Item(connection, type, handle, (TRequest)(object)bytes, id, block, frame.Size);
        }

        return new Item(connection, type, handle, FrameValue.Read<TRequest>(connection, frame), id, null, frame.Size);
    }

    private sealed class Item(
        Connection connection,
        string type,
        Func<TRequest, TPeer, CancellationToken, ValueTask<TReply>> handle,
        TRequest value,
        CallbackId id,
        ReceiveBlock? block,
        long size)
        : HandledItem(connection, size)
    {
        protected override ValueTask HandleAsync() => RequestTrace.IsWanted ? RequestTrace.HandleAsync(type, HandleAndReplyAsync) : HandleAndReplyAsync();

        protected override ValueTask ReplyErrorAsync(Exception exception) => Outbound.ReplyErrorAsync(Connection, id, exception);

        protected override void Release() => block?.Release();

        private ValueTask HandleAndReplyAsync()
        {
            var handling = handle(value, (TPeer)Connection.Owner, Connection.Ended);
            return handling.IsCompletedSuccessfully
                ? Outbound.ReplyAsync(Connection, id, handling.GetAwaiter().GetResult(), CancellationToken.None)
                : AwaitAsync(handling);
        }

        private async ValueTask AwaitAsync(ValueTask<TReply> handling) =>
            await Outbound.ReplyAsync(Connection, id, await handling.ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
    }
}
