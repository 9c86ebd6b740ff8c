namespace Polywire.Outbound;

/// <summary>Is told when a queue cannot go on. Called without a lock, at most once.</summary>
internal interface IOutboundOwner
{
    /// <summary>More waited than may; everything was dropped.</summary>
    /// <param name="droppedMessages">How many never left.</param>
    void OnOverflow(int droppedMessages);

    /// <summary>The peer cannot be written to any more.</summary>
    /// <param name="exception">Why; null where the peer just stopped reading.</param>
    void OnWriteFailed(Exception? exception);
}
