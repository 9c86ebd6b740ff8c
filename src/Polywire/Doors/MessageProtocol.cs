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

    /// <summary>Names of the protocol's own in an action's answer, which the action cannot set.</summary>
    public virtual ReservedNames Reserved => ReservedNames.None;

    /// <summary>Completes an action's answer and frames it.</summary>
    /// <param name="buffer">From <paramref name="start"/> on it holds a <c>{</c> and the members of the answer or its error, without the closing brace.</param>
    /// <param name="start">Where the answer begins.</param>
    /// <param name="response">What is answered.</param>
    /// <param name="ids">What it is matched by.</param>
    public abstract void CompleteResponse(ResponseBuffer buffer, int start, in ActionResponse response, in MessageIds ids);

    /// <summary>Writes a verb's answer, framed.</summary>
    public abstract void WriteReply(ResponseBuffer buffer, in VerbReply reply, in MessageIds ids);

    /// <summary>Writes a message of the application's, framed: the buffer holds its JSON from <paramref name="start"/> on.</summary>
    public abstract void Frame(ResponseBuffer buffer, int start);

    /// <summary>Writes the welcome, framed.</summary>
    public abstract void WriteWelcome(ResponseBuffer buffer);

    /// <summary>Writes the goodbye, framed.</summary>
    public abstract void WriteGoodbye(ResponseBuffer buffer);
}
