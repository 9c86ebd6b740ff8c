using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Cluster;

/// <summary>The backplane of a process: of a host alone, which has nobody to hear it, or of hosts that share an <see cref="InProcessBus"/>.</summary>
internal sealed partial class InProcessBackplane(InProcessBus bus, NodeIdentity node, TimeProvider time, ILogger<InProcessBackplane> logger) : IBackplane
{
    // cluster.md NO-30.
    private const int MostWaiting = 10_000;

    private const string InternalError = "internal error";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>There is no link that could be down.</summary>
    public event EventHandler<LinkChangedEventArgs>? LinkChanged
    {
        add { }
        remove { }
    }

    public bool IsLinkUp => true;

    public ValueTask PublishAsync(BackplaneChannel channel, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        foreach (var subscription in bus.Of(channel))
        {
            if (!ReferenceEquals(subscription.Node, node))
            {
                subscription.Queue.Add(new BackplaneMessage { Node = node.Incarnation, Type = type, Body = body });
            }
        }

        return default;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        BackplaneChannel channel, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        var queue = new SerialQueue<BackplaneMessage>(
            handler,
            MostWaiting,
            failure => Log.HandlerFailed(logger, failure, NameOf(channel)),
            lost => Log.MessagesLost(logger, lost, NameOf(channel)));
        return new ValueTask<IAsyncDisposable>(bus.Add(new InProcessBus.Subscription(node, channel, queue)));
    }

    public async ValueTask<BackplaneReply> AskAsync(BackplaneQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new GuardedTimeout(question.Timeout ?? Timeout, time, logger);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var waiting = new Dictionary<Task<BackplaneAnswer?>, string>();
        foreach (var responder in bus.Of(question.Method))
        {
            if (!ReferenceEquals(responder.Node, node) && (question.Node is null || question.Node == responder.Node.Id))
            {
                // On another thread, as another node would be.
                waiting.Add(Task.Run(() => AskAsync(responder, question.Arguments, both.Token), CancellationToken.None), responder.Node.Id);
            }
        }

        var answers = new List<BackplaneAnswer>();
        try
        {
            while (waiting.Count > 0)
            {
                var done = await Task.WhenAny(waiting.Keys).WaitAsync(both.Token);
                var answer = await done;
                waiting.Remove(done);
                if (answer is null)
                {
                    continue;
                }

                answers.Add(answer);
                if (!question.All)
                {
                    waiting.Clear();
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up: who has not answered is named.
        }

        return new BackplaneReply { Answers = answers, Silent = [.. waiting.Values.Distinct().Order(StringComparer.Ordinal)] };
    }

    public ValueTask<IAsyncDisposable> RespondAsync(
        string method,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken) =>
        new(bus.Add(new InProcessBus.Responder(node, method, handler)));

    /// <exception cref="OperationCanceledException">The time was up before it ended, in whatever way it did.</exception>
    private async Task<BackplaneAnswer?> AskAsync(InProcessBus.Responder responder, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        BackplaneAnswer? answer;
        try
        {
            answer = await responder.Answer(arguments, cancellationToken) is { } result
                ? new BackplaneAnswer { Node = responder.Node.Id, Result = result }
                : null;
        }
        catch (ActionException refusal)
        {
            answer = new BackplaneAnswer { Node = responder.Node.Id, Error = refusal.Message };
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.HandlerFailed(logger, exception, LogText.OneLine(responder.Method, LogText.NameLength));
            }

            answer = new BackplaneAnswer { Node = responder.Node.Id, Error = InternalError };
        }

        // Else it depended on who was told of the end first whether an answer that nobody waits for counts.
        cancellationToken.ThrowIfCancellationRequested();
        return answer;
    }

    private static string NameOf(BackplaneChannel channel) =>
        channel.RoomName is { } room ? LogText.OneLine(room, LogText.NameLength) : "all";

    private static partial class Log
    {
        [LoggerMessage(EventIds.BackplaneHandlerFailed, LogLevel.Error, "What came over the backplane on {Channel} could not be handled")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string channel);

        [LoggerMessage(EventIds.BackplaneMessagesLost, LogLevel.Warning, "{Count} messages that waited on {Channel} were dropped: too many waited")]
        public static partial void MessagesLost(ILogger logger, long count, string channel);
    }
}
