using Polywire.Redis.Nodes;

namespace Polywire.Redis.Bus;

/// <summary>A question of this node that waits for its answers. Safe to use concurrently.</summary>
/// <param name="asked">What is asked, and whom.</param>
/// <param name="self">This node, which is not asked.</param>
internal sealed class BusQuestion(BackplaneQuestion asked, NodeIdentity self)
{
    private readonly Lock _gate = new();
    private readonly List<BackplaneAnswer> _answers = [];
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string[]? _expected;

    /// <summary>Completes when nothing more is waited for; fails when the link goes down.</summary>
    public Task Done => _done.Task;

    /// <summary>Notes who is alive: they are waited for, and nobody else.</summary>
    public void Expect(PeerTable table)
    {
        lock (_gate)
        {
            _expected =
            [
                .. table.Alive.Where(peer => peer != self.Incarnation && (asked.Node is null || PeerTable.IdOf(peer) == asked.Node)),
            ];
            Look();
        }
    }

    /// <summary>Notes who is alive now; those that are gone are waited for no longer.</summary>
    public void Narrow(PeerTable table)
    {
        lock (_gate)
        {
            if (_expected is not null)
            {
                _expected = [.. _expected.Where(table.IsAlive)];
                Look();
            }
        }
    }

    /// <summary>Notes an answer.</summary>
    /// <param name="incarnation">Whose.</param>
    /// <param name="answer">Null where the question is not theirs.</param>
    public void Answer(string incarnation, BackplaneAnswer? answer)
    {
        lock (_gate)
        {
            if (_done.Task.IsCompleted || !_answered.Add(incarnation))
            {
                return;
            }

            if (answer is not null)
            {
                _answers.Add(answer);
                if (!asked.All)
                {
                    _done.TrySetResult();
                }
            }

            Look();
        }
    }

    public void Fail() => _done.TrySetException(new ClusterNotReachableException());

    /// <summary>What came of it so far.</summary>
    public BackplaneReply Reply()
    {
        lock (_gate)
        {
            var isAnswered = !asked.All && _answers.Count > 0;
            var silent = isAnswered ? [] : (_expected ?? []).Where(peer => !_answered.Contains(peer)).Select(PeerTable.IdOf);
            return new BackplaneReply { Answers = [.. _answers], Silent = [.. silent.Distinct().Order(StringComparer.Ordinal)] };
        }
    }

    private void Look()
    {
        if (_expected is not null && _expected.All(_answered.Contains))
        {
            _done.TrySetResult();
        }
    }
}
