using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Bus;

/// <summary>Answers what other nodes ask (cluster.md NO-49, NO-50). Safe to use concurrently.</summary>
/// <remarks>Questions are answered beside each other, within a bound; one that nobody waits for any more gives its place to the next.</remarks>
internal sealed partial class BusResponders(BusPublisher publisher, BusMetrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    private const int AtOnce = 64;
    private const int MostWaiting = 10_000;
    private const string InternalError = "internal error";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, ImmutableArray<Responder>> _responders = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);
    private readonly CancellationTokenSource _end = new();
    private int _waiting;

    public IAsyncDisposable Add(string method, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler)
    {
        var responder = new Responder(handler);
        _responders.AddOrUpdate(method, static (_, added) => [added], static (_, others, added) => others.Add(added), responder);
        return new Responding(this, method, responder);
    }

    /// <summary>A question came. Waits for nothing.</summary>
    public void Asked(in BusMessage message, string incarnation, ReadOnlyMemory<byte> body)
    {
        if (message.Question.IsEmpty || !BusBody.TryReadAsk(body, out var method, out var arguments))
        {
            metrics.Dropped(BusFault.Form);
            return;
        }

        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            metrics.Dropped(BusFault.Queue);
            return;
        }

        var within = message.WithinMilliseconds > 0 && message.WithinMilliseconds < LongestWait.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(message.WithinMilliseconds)
            : LongestWait;
        var question = new Question(PeerTable.IdOf(incarnation), Encoding.ASCII.GetString(message.Question), method, arguments, within);

        // Ends within the time of the question, and throws nothing.
        _ = Task.Run(() => AnswerAsync(question));
    }

    public void End() => _end.Cancel();

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task AnswerAsync(Question question)
    {
        try
        {
            using var limit = new GuardedTimeout(question.Within, time, logger);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
            await _places.WaitAsync(both.Token);
            try
            {
                var body = await AnswerAsync(question, both.Token);
                await publisher.SendAsync(BusAddress.Node(question.Asker), BusType.Answer, $" id={question.Id}", body, both.Token);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or ClusterNotReachableException)
        {
            // Nobody waits for it any more, or nobody can be told.
        }
        catch (Exception exception)
        {
            LastCatch.Tell(exception, logger);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<byte[]> AnswerAsync(Question question, CancellationToken cancellationToken)
    {
        if (!_responders.TryGetValue(question.Method, out var responders))
        {
            return BusBody.Unknown;
        }

        try
        {
            foreach (var responder in responders)
            {
                // A handler that does not heed its token is left to itself when the time is up.
                if (await responder.Handler(question.Arguments, cancellationToken).AsTask().WaitAsync(cancellationToken) is { } result)
                {
                    return BusBody.Result(result.Span);
                }
            }

            return BusBody.None;
        }
        catch (ActionException refusal)
        {
            return BusBody.Error(refusal.Message);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.HandlerFailed(logger, exception, LogText.OneLine(question.Method, LogText.NameLength));
            return BusBody.Error(InternalError);
        }
    }

    private sealed record Question(string Asker, string Id, string Method, ReadOnlyMemory<byte> Arguments, TimeSpan Within);

    private sealed class Responder(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler)
    {
        public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> Handler { get; } = handler;
    }

    private sealed class Responding(BusResponders all, string method, Responder responder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            while (all._responders.TryGetValue(method, out var others))
            {
                var rest = others.Remove(responder);
                if (rest.IsEmpty
                    ? all._responders.TryRemove(new KeyValuePair<string, ImmutableArray<Responder>>(method, others))
                    : all._responders.TryUpdate(method, rest, others))
                {
                    break;
                }
            }

            return default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.ResponderFailed, LogLevel.Error, "What another node asked, {Method}, could not be answered")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string method);
    }
}
