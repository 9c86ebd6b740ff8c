using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Polywire.Redis.Connection;
using Polywire.Redis.Nodes;

namespace Polywire.Redis.Bus;

/// <summary>Asks other nodes (cluster.md NO-49). Safe to use concurrently.</summary>
internal sealed class BusQuestions(
    BusPublisher publisher, Peers peers, LinkHealth health, NodeIdentity node, RedisOptions options, BusMetrics metrics, TimeProvider time)
{
    private const int IdBytes = 16;

    private readonly ConcurrentDictionary<string, BusQuestion> _waiting = new(StringComparer.Ordinal);

    /// <inheritdoc cref="IBackplane.AskAsync"/>
    public async ValueTask<BackplaneReply> AskAsync(BackplaneQuestion asked, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!health.IsUp)
        {
            throw new ClusterNotReachableException();
        }

        var started = time.GetTimestamp();
        var outcome = "unreachable";
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var question = new BusQuestion(asked, node);
        _waiting[id] = question;
        try
        {
            await SendAsync(id, question, asked, cancellationToken);
            var reply = await WaitAsync(question, asked.Timeout ?? options.CallTimeout, cancellationToken);
            outcome = reply.Answers.Count > 0 ? "answered" : reply.Silent.Count > 0 ? "silent" : "none";
            return reply;
        }
        catch (OperationCanceledException)
        {
            outcome = "canceled";
            throw;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
            metrics.Called(time.GetElapsedTime(started), outcome);
        }
    }

    /// <summary>An answer came. One that nobody waits for any more is dropped.</summary>
    public void Answered(in BusMessage message, string incarnation, ReadOnlyMemory<byte> body)
    {
        if (!_waiting.TryGetValue(Encoding.ASCII.GetString(message.Question), out var question))
        {
            return;
        }

        if (BusBody.TryReadAnswer(body, PeerTable.IdOf(incarnation), out var answer))
        {
            question.Answer(incarnation, answer);
        }
        else
        {
            metrics.Dropped(BusFault.Form);
        }
    }

    /// <summary>Waits no longer for those that are gone.</summary>
    public void Narrow(PeerTable now)
    {
        foreach (var question in _waiting.Values)
        {
            question.Narrow(now);
        }
    }

    /// <summary>The link is down: nothing will be answered.</summary>
    public void FailAll()
    {
        foreach (var question in _waiting.Values)
        {
            question.Fail();
        }
    }

    private async Task SendAsync(string id, BusQuestion question, BackplaneQuestion asked, CancellationToken cancellationToken)
    {
        var within = Math.Max((long)(asked.Timeout ?? options.CallTimeout).TotalMilliseconds, 1);
        var to = asked.Node is { } named ? BusAddress.Node(named) : BusAddress.All;
        var sent = publisher.SendAsync(to, BusType.Ask, $" id={id} within={within}", BusBody.Ask(asked.Method, asked.Arguments.Span), cancellationToken);

        // Looked up behind the question, on the same connection: whoever is not in it had not come when it was asked.
        var table = peers.RefreshAsync(cancellationToken);
        await Task.WhenAll(sent, table);
        question.Expect(await table);

        // Who has gone while it was looked up.
        question.Narrow(peers.Table);
    }

    private async Task<BackplaneReply> WaitAsync(BusQuestion question, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await question.Done.WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Who has not answered is named.
        }

        return question.Reply();
    }
}
