namespace Polywire.Sockhop.Handlers;

/// <summary>What arrived before the application took anything: the latest, up to a bound.</summary>
internal sealed class EarlyMessages(long limit)
{
    private const int MessageCost = 256;

    private readonly Queue<SockhopMessage> _messages = new();
    private long _cost;

    public void Add(SockhopMessage message)
    {
        _messages.Enqueue(message);
        _cost += message.Size + MessageCost;
        while (_cost > limit && _messages.TryDequeue(out var oldest))
        {
            _cost -= oldest.Size + MessageCost;
            SockhopTelemetry.Dropped.Add(1);
        }
    }

    public SockhopMessage[] TakeAll()
    {
        SockhopMessage[] all = [.. _messages];
        _messages.Clear();
        _cost = 0;
        return all;
    }
}
