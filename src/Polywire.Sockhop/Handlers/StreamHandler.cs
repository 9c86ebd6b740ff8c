using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop.Handlers;

/// <summary>A handler of buffers that need not have arrived.</summary>
internal abstract class StreamHandler : Handler
{
    public sealed override bool TakesBytes => true;

    /// <summary>Makes the work of a buffer whose bytes follow.</summary>
    public abstract WorkItem CreateItem(Connection connection, SockhopBufferStream stream, long size);
}
