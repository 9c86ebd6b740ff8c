using System.IO.Pipelines;

namespace Polywire.AspNetCore.Sockets;

internal sealed partial class SocketConnection
{
    // A break counts as the client's end: what came before it is answered first.
    protected override ReadResult OnReadAhead(in ReadResult read, long known) =>
        LineProtocol.IsBreak(read.Buffer.Slice(known))
            ? new ReadResult(read.Buffer.Slice(0, known), isCanceled: false, isCompleted: true)
            : read;

    // Half a file cannot be followed by a goodbye: the client counts bytes.
    private CloseReason? Leave(CloseReason? reason, bool isSendingFile)
    {
        if (isSendingFile && reason == CloseReason.ClientClosed)
        {
            Outbound.Abort();
        }

        return reason;
    }
}
