using System.Diagnostics.CodeAnalysis;

namespace Polywire.Sockhop.Handlers;

/// <summary>Messages that wait until the application takes them: the last in any case, and those before it up to a bound. Not thread-safe.</summary>
internal sealed class WaitingMessages(long limit)
{
    private const int MessageCost = 256;

    private readonly Queue<SockhopMessage> _messages = new();
    private long _cost;

    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Adds a message, and drops the oldest for which there is no room any more.</summary>
    public void Add(SockhopMessage message)
    {
        _messages.Enqueue(message);
        _cost += message.Size + MessageCost;
        while (_cost > limit && _messages.Count > 1 && TryTake(out _))
        {
            SockhopTelemetry.Dropped.Count();
        }
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake([NotNullWhen(true)] out SockhopMessage? message)
    {
        if (!_messages.TryDequeue(out message))
        {
            return false;
        }

        _cost -= message.Size + MessageCost;
        return true;
    }
}
