using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Carries bytes between the nodes of a cluster.</summary>
/// <remarks>
/// Implementations are safe to use concurrently. A node never hears its own messages: <c>origin</c> names the node that publishes or
/// subscribes. Messages of one origin on one channel arrive in order. While the link to other nodes is down, publishing loses
/// messages and requests go unanswered; neither throws for it. What a handler throws is logged and concerns nobody else.
/// </remarks>
[Experimental("PWX0002")]
public interface IBackplane
{
    /// <summary>Hands a message to the other nodes that subscribe to the channel.</summary>
    ValueTask PublishAsync(string channel, string origin, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Hears what other nodes publish on a channel until the result is disposed.</summary>
    ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, string origin, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> handler, CancellationToken cancellationToken);

    /// <summary>Asks the other nodes that answer on the channel.</summary>
    /// <returns>The first answer that is not null; null where none came in time, at once where nobody else answers there.</returns>
    ValueTask<ReadOnlyMemory<byte>?> RequestAsync(
        string channel, string origin, ReadOnlyMemory<byte> message, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Answers requests of other nodes on a channel until the result is disposed; null where the question is another node's.</summary>
    ValueTask<IAsyncDisposable> RespondAsync(
        string channel,
        string origin,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken);
}
