namespace Polywire;

/// <summary>What a room middleware makes of a message.</summary>
public readonly struct MessageVerdict
{
    private MessageVerdict(RoomMessage? message, bool dropped) => (Message, IsDropped) = (message, dropped);

    /// <summary>The message goes on as it is.</summary>
    public static MessageVerdict Unchanged => default;

    /// <summary>The message goes no further: to nobody from <c>SayAsync</c>, not to this receiver from <c>DeliverAsync</c>.</summary>
    public static MessageVerdict Drop { get; } = new(null, true);

    internal RoomMessage? Message { get; }

    internal bool IsDropped { get; }

    /// <summary>Another message goes on in its place.</summary>
    public static MessageVerdict Pass(RoomMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new MessageVerdict(message, false);
    }
}
