using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Carries messages and questions between the nodes of a cluster. One object serves one node: it is made with that node's <see cref="NodeIdentity"/>.</summary>
/// <remarks>
/// <para>
/// <b>Order.</b> What one node publishes on one channel reaches every subscription of another node there once and in the order of the calls,
/// while the link holds. Nothing is promised between nodes, or between channels. A subscription is handed one message at a time; a slow handler
/// holds up that subscription and nothing else. The queue before it is bounded; over it the oldest messages go, and are counted.
/// A node never hears what it has published itself.
/// </para>
/// <para>
/// <b>Link.</b> <see cref="LinkChanged"/> tells when the link to the others goes and comes. While it is down, what is published is kept for a short time and
/// within bounds, or lost, and questions fail at once with <see cref="ClusterNotReachableException"/>. All subscriptions are back before the link is told to be up.
/// </para>
/// <para>
/// What a handler throws is logged by the backplane and concerns nobody else. Safe to use concurrently. Bytes that are handed over are not
/// changed afterwards by either side. Source: cluster.md.
/// </para>
/// </remarks>
[Experimental("PWX0002")]
public interface IBackplane
{
    /// <summary>Whether the others can be reached, as far as is known. True where there is no link that could be down.</summary>
    bool IsLinkUp { get; }

    /// <summary>The link has gone down, or is up again. Raised on any thread, in the order in which it happened; handlers must not block.</summary>
    event EventHandler<LinkChangedEventArgs>? LinkChanged;

    /// <summary>Begins to hear other nodes. Called once, after the store has started and before anything else here.</summary>
    /// <exception cref="ClusterNotReachableException">The service could not be reached in time.</exception>
    ValueTask StartAsync(CancellationToken cancellationToken) => default;

    /// <summary>Stops hearing other nodes; called once, as the last of the cluster. Does not throw because the link is down.</summary>
    ValueTask StopAsync(CancellationToken cancellationToken) => default;

    /// <summary>Hands a message to the other nodes that subscribe to a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="type">What the message is; one word of letters.</param>
    /// <param name="body">JSON in UTF-8 without line breaks outside of its texts.</param>
    /// <param name="cancellationToken">Gives up before the message has been accepted.</param>
    /// <returns>
    /// Completes when the message is accepted, which is within the call: it waits for no network and no handler. The order of the calls is the
    /// order of the messages. Nobody who speaks waits for it.
    /// </returns>
    ValueTask PublishAsync(BackplaneChannel channel, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Hears what other nodes publish on a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="handler">Gets the messages one by one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Completes when the subscription is confirmed: whatever is published from then on is heard. Disposing ends it, more than once does no harm;
    /// a handler that runs is not waited for.
    /// </returns>
    /// <exception cref="ClusterNotReachableException">It is not confirmed; it is not made later either.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(
        BackplaneChannel channel, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken);

    /// <summary>Asks other nodes.</summary>
    /// <param name="question">What is asked, whom, and for how long.</param>
    /// <param name="cancellationToken">Stops waiting; what was asked may be carried out all the same.</param>
    /// <returns>
    /// The answers, and who was silent. Completes with the first result or error, or for <see cref="BackplaneQuestion.All"/> when every node that is alive has
    /// answered; as soon as all have said that the question is not theirs; and at last when the time is up.
    /// </returns>
    /// <exception cref="ClusterNotReachableException">The link is down.</exception>
    ValueTask<BackplaneReply> AskAsync(BackplaneQuestion question, CancellationToken cancellationToken);

    /// <summary>Answers questions of other nodes.</summary>
    /// <param name="method">The name of what can be asked; only names that are answered here can be.</param>
    /// <param name="handler">
    /// Gets the arguments and gives the result, both one JSON value in UTF-8; <see langword="null"/> where the question is another node's. An
    /// <see cref="ActionException"/> is the answer with its message as the error; anything else is logged, and the error is <c>internal error</c>.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Disposing ends it.</returns>
    ValueTask<IAsyncDisposable> RespondAsync(
        string method,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken);
}
