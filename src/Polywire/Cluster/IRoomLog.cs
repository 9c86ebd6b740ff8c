using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Numbers and keeps what is said in rooms with history, for all nodes.</summary>
/// <remarks>
/// <para>
/// <b>Positions.</b> Within an epoch, messages have the offsets 1, 2, 3 … without holes. Number, bytes and id of a message are written, and it is told
/// to listeners, in one step, so an offset names one message for ever. An epoch is 16 random characters of <c>A-Za-z0-9_-</c>. It begins with the first
/// call that concerns the room, and another begins when, and only when, offsets could be used twice: the room was destroyed and made again, the store lost
/// its data, or may have lost the last of it.
/// </para>
/// <para>
/// <b>Order.</b> Appends of one caller to one room are numbered in the order of the calls. Listeners are told in the order of the offsets. What they are told is a hint: it may
/// be missing, with nothing after it to show that, or come twice. <see cref="ReadAsync"/> and <see cref="PositionsAsync"/> are the truth.
/// </para>
/// <para>
/// <b>Bounds.</b> <see cref="RoomLogBounds"/> come with every call and are the same on all nodes. What is older than the age is never given out again,
/// though it may be kept for longer. Ages are measured by one clock, that of the store.
/// </para>
/// <para>
/// <b>Idempotence.</b> A message with an id is appended once within the window, counted from the first, whoever repeats it on whatever node.
/// Without an id, a repetition is another message.
/// </para>
/// <para>
/// <b>Away.</b> Calls end with <see cref="ClusterNotReachableException"/> where the service cannot be reached or does not answer within the store's own limit;
/// the message may have been appended then. Nothing is kept for later.
/// </para>
/// <para>
/// Safe to use concurrently. Rooms without history never come here. Source: cluster.md.
/// </para>
/// </remarks>
[Experimental("PWX0002")]
public interface IRoomLog
{
    /// <summary>Appends a message and tells the listeners of all nodes.</summary>
    /// <param name="room">The room.</param>
    /// <param name="message">What is said. With <see cref="RoomLogBounds.Count"/> 0 only its id is noted.</param>
    /// <param name="bounds">The bounds of the room's history.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be appended then.</param>
    ValueTask<AppendOutcome> AppendAsync(string room, RoomLogMessage message, RoomLogBounds bounds, CancellationToken cancellationToken);

    /// <summary>Looks for a message by its id, so that a repetition need not pass the middleware again.</summary>
    /// <returns>
    /// What <see cref="AppendAsync"/> would answer, without appending: <see cref="AppendResult.Duplicate"/> or <see cref="AppendResult.IdInUse"/>;
    /// <see langword="null"/> where the id is not known.
    /// </returns>
    ValueTask<AppendOutcome?> FindAsync(string room, RoomLogId id, CancellationToken cancellationToken);

    /// <summary>Where rooms are, in one step on the wire. Begins the epoch of those that have none.</summary>
    /// <param name="rooms">The rooms, each with its bounds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>As many as were asked for, in that order; <see langword="null"/> where a room has been destroyed.</returns>
    ValueTask<IReadOnlyList<RoomLogState?>> PositionsAsync(IReadOnlyList<KeyValuePair<string, RoomLogBounds>> rooms, CancellationToken cancellationToken);

    /// <summary>Reads what was said behind an offset. Where the room is and what is read come of one moment.</summary>
    /// <param name="room">The room.</param>
    /// <param name="after">The offset behind which to begin, of the epoch that is now; 0 for all that is kept.</param>
    /// <param name="limit">The most messages to read; at least 1.</param>
    /// <param name="bounds">The bounds of the room's history.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The messages in order, beginning with the first kept behind the offset: the caller sees by <see cref="RoomLogState.First"/> and the epoch whether any is missing.
    /// <see langword="null"/> where the room has been destroyed.
    /// </returns>
    ValueTask<RoomLogPage?> ReadAsync(string room, long after, int limit, RoomLogBounds bounds, CancellationToken cancellationToken);

    /// <summary>Ends a room's history: nothing can be appended or read until <see cref="BeginAsync"/>, and listeners are told so.</summary>
    /// <remarks>Does nothing where there is none. The ids of the messages are good no more.</remarks>
    ValueTask DestroyAsync(string room, CancellationToken cancellationToken);

    /// <summary>Begins the history of a room anew, with another epoch, if it was destroyed; else does nothing. Called when a room is created.</summary>
    ValueTask BeginAsync(string room, CancellationToken cancellationToken);

    /// <summary>Hears what is appended to a room, on whatever node, this one included.</summary>
    /// <param name="room">The room.</param>
    /// <param name="handler">Told one event at a time; what it throws is logged. A slow one holds up this room on this node and nothing else.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when whatever is appended from then on is heard, while the link holds. Disposing ends it.</returns>
    ValueTask<IAsyncDisposable> ListenAsync(string room, Func<RoomLogEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken);
}
