using System.Text;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Takes buffers as streams.</summary>
internal sealed class BufferStreamHandler<TPeer>(Func<SockhopBufferStream, TPeer, CancellationToken, ValueTask> handle) : StreamHandler
    where TPeer : SockhopPeer
{
    /// <summary>For what has arrived whole: a short one, and any in text mode.</summary>
    public override WorkItem CreateItem(Connection connection, in Frame frame)
    {
        var stream = new SockhopBufferStream(Encoding.UTF8.GetString(frame.Type), frame.Data.Length, new WholeBody(frame.Data.ToArray()));
        return CreateItem(connection, stream, frame.Size);
    }

    public override WorkItem CreateItem(Connection connection, SockhopBufferStream stream, long size) => new Item(connection, handle, stream, size);

    private sealed class Item(
        Connection connection, Func<SockhopBufferStream, TPeer, CancellationToken, ValueTask> handle, SockhopBufferStream stream, long size)
        : HandledItem(connection, size)
    {
        protected override ValueTask HandleAsync() => handle(stream, (TPeer)Connection.Owner, Connection.Ended);

        protected override void Release() => stream.Dispose();
    }
}
