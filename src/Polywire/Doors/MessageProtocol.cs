using System.Diagnostics.CodeAnalysis;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>Writes the messages of one dialect of a persistent transport. Holds no state, so that all connections share it; called concurrently.</summary>
[Experimental("PWX0001")]
public abstract class MessageProtocol
{
    /// <summary>The frame around messages that go to many connections.</summary>
    public abstract WireFormat Format { get; }

    /// <summary>Writes an action's answer, framed.</summary>
    public abstract void WriteResponse(ResponseBuffer buffer, in ActionResponse response, in MessageIds ids);

    /// <summary>Writes a verb's answer, framed.</summary>
    public abstract void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids);

    /// <summary>Writes a message of the application's, framed: the buffer holds its JSON from <paramref name="start"/> on.</summary>
    public abstract void Frame(ResponseBuffer buffer, int start);

    /// <summary>Writes the welcome, framed.</summary>
    public abstract void WriteWelcome(ResponseBuffer buffer);

    /// <summary>Writes the goodbye, framed.</summary>
    public abstract void WriteGoodbye(ResponseBuffer buffer);
}
