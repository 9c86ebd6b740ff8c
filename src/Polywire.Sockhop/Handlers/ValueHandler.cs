using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Takes values of one type and answers nothing.</summary>
internal sealed class ValueHandler<TPeer, T>(Func<T, TPeer, CancellationToken, ValueTask> handle) : Handler
    where TPeer : SockhopPeer
{
    public override bool TakesBytes => FrameValue.IsBytes(typeof(T));

    public override WorkItem CreateItem(Connection connection, in Frame frame)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            connection.Keep(frame, out var bytes, out var block);
            return new Item(connection, handle, (T)(object)bytes, block, frame.Size);
        }

        return new Item(connection, handle, FrameValue.Read<T>(connection, frame), null, frame.Size);
    }

    private sealed class Item(
        Connection connection, Func<T, TPeer, CancellationToken, ValueTask> handle, T value, ReceiveBlock? block, long size)
        : HandledItem(connection, size)
    {
        protected override ValueTask HandleAsync() => handle(value, (TPeer)Connection.Owner, Connection.Ended);

        protected override void Release() => block?.Release();
    }
}
