using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Keeps which rooms there are and who is in them, for all nodes.</summary>
/// <remarks>
/// Implementations are safe to use concurrently and keep bytes as they are given. A room that does not exist has no members; joining it
/// is refused. What a node leaves behind when it dies is the implementation's to sweep.
/// </remarks>
[Experimental("PWX0002")]
public interface IPresenceStore
{
    /// <summary>Creates a room.</summary>
    /// <returns>False where it exists.</returns>
    ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken);

    /// <summary>Removes a room with its members.</summary>
    /// <returns>False where there is none.</returns>
    ValueTask<bool> RemoveAsync(string room, CancellationToken cancellationToken);

    /// <summary>Whether a room exists.</summary>
    ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken);

    /// <summary>The names of all rooms, in no order.</summary>
    ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken);

    /// <summary>How many rooms there are.</summary>
    /// <remarks>Asked before a room is created. By default <see cref="RoomsAsync"/> is counted; a store that knows the number says it.</remarks>
    async ValueTask<long> CountAsync(CancellationToken cancellationToken) => (await RoomsAsync(cancellationToken)).Count;

    /// <summary>Notes a member, or replaces its details.</summary>
    /// <returns>False where the room does not exist.</returns>
    ValueTask<bool> JoinAsync(string room, string member, ReadOnlyMemory<byte> details, CancellationToken cancellationToken);

    /// <summary>Forgets a member.</summary>
    /// <returns>False where it was none.</returns>
    ValueTask<bool> LeaveAsync(string room, string member, CancellationToken cancellationToken);

    /// <summary>The members' details by id, in no order; empty where the room does not exist.</summary>
    ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MembersAsync(string room, CancellationToken cancellationToken);
}
