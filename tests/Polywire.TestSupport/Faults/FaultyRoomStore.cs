namespace Polywire.TestSupport.Faults;

/// <summary>A room store that fails, hangs and comes back on order, over any other.</summary>
public sealed class FaultyRoomStore(IRoomStore inner) : IRoomStore
{
    /// <summary>What goes wrong, by the names of <see cref="IRoomStore"/>.</summary>
    public FaultPlan Faults { get; } = new(() => new ClusterNotReachableException());

    /// <inheritdoc/>
    public IReadOnlyList<string> Nodes => inner.Nodes;

    /// <inheritdoc/>
    public ValueTask StartAsync(ILocalRooms local, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(StartAsync), () => inner.StartAsync(local, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Faults.RunAsync(nameof(StopAsync), () => inner.StopAsync(cancellationToken), cancellationToken);
        }
        catch (ClusterNotReachableException)
        {
            // What is left is for the sweepers.
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(CreateAsync), () => inner.CreateAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> RemoveAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(RemoveAsync), () => inner.RemoveAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(ExistsAsync), () => inner.ExistsAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(RoomsAsync), () => inner.RoomsAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(CountAsync), () => inner.CountAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JoinOutcome> JoinAsync(string room, RoomMember member, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(JoinAsync), () => inner.JoinAsync(room, member, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask LeaveAsync(IReadOnlyList<RoomLeave> leaves, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(LeaveAsync), () => inner.LeaveAsync(leaves, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredMember>?> MembersAsync(string room, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(MembersAsync), () => inner.MembersAsync(room, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask AnnounceAsync(CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(AnnounceAsync), () => inner.AnnounceAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(SweepAsync), () => inner.SweepAsync(cancellationToken), cancellationToken);
}
