using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Cluster;

/// <summary>Direct calls between the nodes that share this object; with one node, nothing at all.</summary>
internal sealed partial class InProcessBackplane(TimeProvider time, ILogger<InProcessBackplane> logger) : IBackplane
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Subscriber>> _subscribers = new(StringComparer.Ordinal);

    public ValueTask PublishAsync(string channel, string origin, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!_subscribers.TryGetValue(channel, out var subscribers))
        {
            return default;
        }

        foreach (var subscriber in subscribers)
        {
            if (subscriber.Hear is not null && subscriber.Origin != origin)
            {
                return PublishToOthersAsync(subscribers, origin, message, cancellationToken);
            }
        }

        return default;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, string origin, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        Add(new Subscriber(this, channel, origin) { Hear = handler });

    public async ValueTask<ReadOnlyMemory<byte>?> RequestAsync(
        string channel, string origin, ReadOnlyMemory<byte> message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_subscribers.TryGetValue(channel, out var subscribers))
        {
            return null;
        }

        using var limit = new GuardedTimeout(timeout, time, logger);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (var subscriber in subscribers)
            {
                if (subscriber.Answer is not null && subscriber.Origin != origin && await AskAsync(subscriber, message, both.Token) is { } answer)
                {
                    return answer;
                }
            }
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // No answer in time is an answer.
        }

        return null;
    }

    public ValueTask<IAsyncDisposable> RespondAsync(
        string channel,
        string origin,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken) =>
        Add(new Subscriber(this, channel, origin) { Answer = handler });

    private async ValueTask<ReadOnlyMemory<byte>?> AskAsync(Subscriber subscriber, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            return await subscriber.Answer!(message, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.HandlerFailed(logger, exception, LogText.OneLine(subscriber.Channel, LogText.NameLength));
            return null;
        }
    }

    private async ValueTask PublishToOthersAsync(
        ImmutableArray<Subscriber> subscribers, string origin, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        foreach (var subscriber in subscribers)
        {
            if (subscriber.Hear is not null && subscriber.Origin != origin)
            {
                try
                {
                    await subscriber.Hear(message, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // The fault of one node is no concern of the others, nor of the one that speaks.
                    Log.HandlerFailed(logger, exception, LogText.OneLine(subscriber.Channel, LogText.NameLength));
                }
            }
        }
    }

    private ValueTask<IAsyncDisposable> Add(Subscriber subscriber)
    {
        _subscribers.AddOrUpdate(subscriber.Channel, _ => [subscriber], (_, others) => others.Add(subscriber));
        return new ValueTask<IAsyncDisposable>(subscriber);
    }

    private void Remove(Subscriber subscriber)
    {
        while (_subscribers.TryGetValue(subscriber.Channel, out var others))
        {
            var rest = others.Remove(subscriber);
            if (rest.IsEmpty
                ? _subscribers.TryRemove(new KeyValuePair<string, ImmutableArray<Subscriber>>(subscriber.Channel, others))
                : _subscribers.TryUpdate(subscriber.Channel, rest, others))
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BackplaneHandlerFailed, LogLevel.Error, "What came over the backplane on {Channel} could not be handled")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string channel);
    }

    private sealed class Subscriber(InProcessBackplane backplane, string channel, string origin) : IAsyncDisposable
    {
        public string Channel { get; } = channel;

        public string Origin { get; } = origin;

        public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? Hear { get; init; }

        public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? Answer { get; init; }

        public ValueTask DisposeAsync()
        {
            backplane.Remove(this);
            return default;
        }
    }
}
