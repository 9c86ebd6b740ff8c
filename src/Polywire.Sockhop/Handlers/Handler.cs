using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>What an application does with messages of one type.</summary>
internal abstract class Handler
{
    /// <summary>Whether it takes buffers rather than JSON.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>Reads the message and makes the work of it. Called by the reader; an exception is reported as the peer's error.</summary>
    public abstract WorkItem CreateItem(Connection connection, in Frame frame);
}
