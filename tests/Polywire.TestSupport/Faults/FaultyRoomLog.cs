namespace Polywire.TestSupport.Faults;

/// <summary>A room log that fails, hangs and comes back on order, and loses, doubles and exchanges what it tells, over any other.</summary>
public sealed class FaultyRoomLog(IRoomLog inner) : IRoomLog
{
    /// <summary>What goes wrong, by the names of <see cref="IRoomLog"/>.</summary>
    public FaultPlan Faults { get; } = new(() => new ClusterNotReachableException());

    /// <summary>What becomes of what listeners are told.</summary>
    public FaultyDeliveries<RoomLogEvent> Deliveries { get; } = new();

    /// <inheritdoc/>
    public ValueTask<AppendOutcome> AppendAsync(string room, RoomLogMessage message, RoomLogBounds bounds, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(AppendAsync), () => inner.AppendAsync(room, message, bounds, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AppendOutcome?> FindAsync(string room, RoomLogId id, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(FindAsync), () => inner.FindAsync(room, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RoomLogState?>> PositionsAsync(
        IReadOnlyList<KeyValuePair<string, RoomLogBounds>> rooms, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(PositionsAsync), () => inner.PositionsAsync(rooms, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RoomLogPage?> ReadAsync(string room, long after, int limit, RoomLogBounds bounds, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(ReadAsync), () => inner.ReadAsync(room, after, limit, bounds, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DestroyAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(DestroyAsync), () => inner.DestroyAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask BeginAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(BeginAsync), () => inner.BeginAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> ListenAsync(string room, Func<RoomLogEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(ListenAsync), () => inner.ListenAsync(room, Deliveries.Over(handler), cancellationToken), cancellationToken);
}
