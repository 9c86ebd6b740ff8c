using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Keeps which rooms there are and who is in them, for all nodes. One object serves one node: it is made with that node's <see cref="NodeIdentity"/>.</summary>
/// <remarks>
/// <para>
/// <b>Order.</b> What one object is asked about one room takes effect in the order of the calls, whether or not they are awaited: who leaves
/// after having joined is out. Joins, leaves and <see cref="AnnounceAsync"/> of one room take turns, and the source is read within the turn.
/// </para>
/// <para>
/// <b>Generations.</b> One number counts up with every creation and every removal of a room. A join is answered with the number of that moment,
/// a removal with its own: members whose generation is lower than that of a removal belong to what was removed, the others to a room made anew.
/// </para>
/// <para>
/// <b>Idempotence.</b> Joining again replaces the entry; leaving, announcing and sweeping may be repeated at will.
/// </para>
/// <para>
/// <b>Nodes.</b> A store that nodes share keeps a lease for this node from <see cref="StartAsync"/> to <see cref="StopAsync"/>, renews it by itself, and
/// removes by itself what nodes have left whose lease has ended (<see cref="SweepAsync"/>). It makes its entries agree with the
/// <see cref="ILocalRooms"/> that it was started with (<see cref="AnnounceAsync"/>) whenever it finds that data or its lease was lost; Polywire asks for
/// the same when <see cref="IBackplane.LinkChanged"/> tells that the link is back. No entry of a node that is gone outlives two leases.
/// </para>
/// <para>
/// <b>Away.</b> Where the service behind it cannot be reached, or does not answer within the store's own limit, a call ends with
/// <see cref="ClusterNotReachableException"/>; nothing is kept for later and nothing is asked twice. The call may have taken effect all the same:
/// announcing makes good what it left. A token that is cancelled ends the wait likewise.
/// </para>
/// <para>
/// Safe to use concurrently. Names of rooms and ids are any text, compared letter by letter. Source: cluster.md.
/// </para>
/// </remarks>
[Experimental("PWX0002")]
public interface IRoomStore
{
    /// <summary>The ids of the nodes that are alive, this one included, sorted, as far as this node knows. Asks nobody.</summary>
    IReadOnlyList<string> Nodes { get; }

    /// <summary>Takes this node's lease. Called once, before any other method and before any transport listens.</summary>
    /// <param name="local">Who is in which room on this node; read by the store whenever it needs to, from any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the lease is this node's, and earlier incarnations of its id have been swept.</returns>
    /// <exception cref="InvalidOperationException">Another process that is alive has the node's id; the message names it.</exception>
    /// <exception cref="ClusterNotReachableException">The service could not be reached in time.</exception>
    ValueTask StartAsync(ILocalRooms local, CancellationToken cancellationToken);

    /// <summary>Leaves: removes every entry of this node and its lease. Called once, after the transports have ended and before the backplane stops.</summary>
    /// <remarks>Does not throw because the service is away: what is not removed then is for the sweepers.</remarks>
    ValueTask StopAsync(CancellationToken cancellationToken);

    /// <summary>Creates a room.</summary>
    /// <returns>True on exactly one of several nodes that create it at once; false where it exists.</returns>
    ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken);

    /// <summary>Removes a room with its members, on all nodes.</summary>
    /// <returns>The generation of the removal; <see langword="null"/> where there is no such room.</returns>
    ValueTask<long?> RemoveAsync(string room, CancellationToken cancellationToken);

    /// <summary>Whether a room exists now; never remembered.</summary>
    ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken);

    /// <summary>The names of all rooms, in no order.</summary>
    ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken);

    /// <summary>How many rooms there are; asked before a room is created.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Notes a member of this node, or replaces its entry, if the room exists.</summary>
    /// <param name="room">The room.</param>
    /// <param name="member">Whom to note. The store adds the node.</param>
    /// <param name="cancellationToken">Gives up waiting; the member may be noted then.</param>
    /// <returns>That it joined, with the generation, or that there is no such room.</returns>
    ValueTask<JoinOutcome> JoinAsync(string room, RoomMember member, CancellationToken cancellationToken);

    /// <summary>Forgets members of this node, those of many rooms in one step on the wire.</summary>
    /// <param name="leaves">
    /// By room. Entries of other nodes under the same ids stay. A room named without members tells only that this node may have none left there.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <remarks>Who is no member is passed over, and so is a room that does not exist.</remarks>
    ValueTask LeaveAsync(IReadOnlyList<RoomLeave> leaves, CancellationToken cancellationToken);

    /// <summary>The members of a room on all nodes that are alive, in no order.</summary>
    /// <returns>A list that changes no more; <see langword="null"/> where there is no such room.</returns>
    /// <remarks>Existence and members come of one moment and one round trip. Entries of nodes known to be dead are left out.</remarks>
    ValueTask<IReadOnlyList<StoredMember>?> MembersAsync(string room, CancellationToken cancellationToken);

    /// <summary>Makes the entries of this node agree with its <see cref="ILocalRooms"/>.</summary>
    /// <remarks>
    /// Members without an entry get one, entries without a member go. Rooms that were removed meanwhile are told to
    /// <see cref="ILocalRooms.RoomGoneAsync"/>; where it was the store that lost its data, they are made again instead. Entries of a room that was made anew are
    /// told with the generation of its creation, and only the members of that generation or later get one. Each room has its turn; it need not be one step.
    /// </remarks>
    ValueTask AnnounceAsync(CancellationToken cancellationToken);

    /// <summary>Removes the entries of nodes whose lease has ended.</summary>
    /// <returns>How many entries were removed. No middleware runs for them, as there is no connection.</returns>
    /// <remarks>The store does it by itself as well. Of several nodes that sweep at once, one does the work; a node that is back keeps what is its own.</remarks>
    ValueTask<int> SweepAsync(CancellationToken cancellationToken);
}
