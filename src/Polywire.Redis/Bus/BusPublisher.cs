using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using StackExchange.Redis;

namespace Polywire.Redis.Bus;

/// <summary>Hands messages to Redis, in the order in which they were accepted (cluster.md NO-29, NO-46, NO-51). Safe to use concurrently.</summary>
/// <remarks>
/// Nobody who speaks waits for Redis: what it answers is looked at behind. A message that did not leave this process goes to the outbox; one whose sending is
/// in doubt is not repeated.
/// </remarks>
internal sealed class BusPublisher
{
    private readonly Lock _gate = new();
    private readonly RedisLink _link;
    private readonly LinkHealth _health;
    private readonly NodeIdentity _node;
    private readonly RedisMetrics _failures;
    private readonly BusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly BusSignature? _signature;
    private readonly BusNumbers _numbers = new();
    private readonly BusOutbox _outbox;
    private long _order;

    public BusPublisher(RedisLink link, LinkHealth health, NodeIdentity node, RedisMetrics failures, BusMetrics metrics, TimeProvider time)
    {
        (_link, _health, _node, _failures, _metrics, _time) = (link, health, node, failures, metrics, time);
        _signature = link.Options.Secret is { } secret ? new BusSignature(secret) : null;
        _outbox = new BusOutbox(link.Options.OutboxMessages, link.Options.OutboxAge, time);
        metrics.Meter.CreateObservableGauge("polywire.cluster.outbox.length", () => _outbox.Count, "{message}", "Messages that wait for the link.");
    }

    /// <summary>Accepts a message. Waits for nothing.</summary>
    public void Publish(BusAddress to, BusType type, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            var letter = Write(to, type, string.Empty, body);
            if (_health.IsUp)
            {
                Send(letter);
            }
            else
            {
                Keep(letter);
            }
        }
    }

    /// <summary>Publishes a message that is of no use later.</summary>
    /// <returns>Completes when Redis has it.</returns>
    /// <exception cref="ClusterNotReachableException">Redis is away, or did not answer in time.</exception>
    public async Task SendAsync(BusAddress to, BusType type, string fields, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Task<long> sent;
        lock (_gate)
        {
            sent = Start(Write(to, type, fields, body.Span));
        }

        try
        {
            await sent.WaitAsync(_link.Options.Timeout, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException || RedisLink.IsAway(exception))
        {
            _failures.CommandFailed();
            sent.Forget();
            throw new ClusterNotReachableException(exception);
        }
        catch (OperationCanceledException)
        {
            sent.Forget();
            throw;
        }

        _metrics.Published();
    }

    /// <summary>Comes up, and sends what waited, in one step: nothing newer overtakes it.</summary>
    /// <param name="comeUp">Makes the link up, unless something failed meanwhile.</param>
    /// <returns>What <paramref name="comeUp"/> gave.</returns>
    public bool GoLive(Func<bool> comeUp)
    {
        lock (_gate)
        {
            if (!comeUp())
            {
                return false;
            }

            if (_health.IsUp)
            {
                var waited = _outbox.TakeAll(out var dropped);
                _metrics.Dropped(BusFault.Outbox, dropped);
                foreach (var letter in waited)
                {
                    Send(letter);
                }
            }

            return true;
        }
    }

    private BusLetter Write(BusAddress to, BusType type, string fields, ReadOnlySpan<byte> body)
    {
        var (channel, sequence) = _numbers.Next(to, _link.Keys);
        return new BusLetter
        {
            Channel = channel,
            Bytes = BusMessage.Format(type, _node, sequence, fields, body, _signature),
            Order = ++_order,
            AcceptedAt = _time.GetTimestamp(),
        };
    }

    private void Send(BusLetter letter)
    {
        var sent = Start(letter);
        if (sent.IsCompletedSuccessfully)
        {
            _metrics.Published();
            return;
        }

        // Ends by itself, within the timeout of the multiplexer, and throws nothing.
        _ = ObserveAsync(sent, letter);
    }

    // What fails in the call fails in the task.
    private Task<long> Start(BusLetter letter)
    {
        try
        {
            return _link.Subscriber.PublishAsync(letter.Channel, letter.Bytes);
        }
        catch (Exception exception)
        {
            return Task.FromException<long>(exception);
        }
    }

    private async Task ObserveAsync(Task<long> sent, BusLetter letter)
    {
        try
        {
            await sent;
            _metrics.Published();
        }
        catch (RedisConnectionException exception) when (exception.CommandStatus is CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog)
        {
            lock (_gate)
            {
                Keep(letter);
            }

            // Known before the events of the multiplexer tell; what is kept is sent when the link is back.
            _health.Fail("a message could not be sent");
        }
        catch (Exception exception)
        {
            // Perhaps it was sent.
            _failures.CommandFailed();
            if (!RedisLink.IsAway(exception))
            {
                _metrics.Refused(exception);
            }
        }
    }

    private void Keep(BusLetter letter) => _metrics.Dropped(BusFault.Outbox, _outbox.Add(letter));
}
