namespace Polywire;

/// <summary>Rooms: who is in them, and what is said. Safe to use concurrently.</summary>
/// <remarks>
/// <para>
/// Rooms exist from the start (<c>AddRooms</c>) or are created by the application; clients cannot create them. Errors are
/// <see cref="ActionException"/>s with the texts that clients read. Source: docs/protocol/rooms.md.
/// </para>
/// <para>
/// Implemented by Polywire alone; members are added in minor versions. A test takes the one of <c>PolywireTestHost</c>, or a fake that is made at run time
/// and so has members that come later: of a mocking library, or one that derives from <see cref="System.Reflection.DispatchProxy"/>.
/// </para>
/// </remarks>
public interface IRooms
{
    /// <summary>Says something as the server, in any room, existing or not.</summary>
    /// <param name="room">The room.</param>
    /// <param name="message">Any value that serialises to JSON, but null and the empty text.</param>
    /// <param name="cancellationToken">Stops what has not been handed over.</param>
    /// <exception cref="ActionException">No room or no message; a middleware refused it.</exception>
    ValueTask SayAsync<T>(string room, T message, CancellationToken cancellationToken = default);

    /// <summary>Says something as a member.</summary>
    /// <inheritdoc cref="SayAsync{T}(string, T, CancellationToken)"/>
    /// <exception cref="ActionException">No room or no message; not a member; a middleware refused it.</exception>
    ValueTask SayAsync<T>(string room, T message, Connection from, CancellationToken cancellationToken = default);

    /// <summary>Makes a connection a member.</summary>
    /// <exception cref="ActionException">It is one already, the room does not exist, it is in too many, or a middleware refused it.</exception>
    ValueTask AddAsync(Connection connection, string room, CancellationToken cancellationToken = default);

    /// <summary>Makes a connection of any node a member.</summary>
    /// <inheritdoc cref="AddAsync(Connection, string, CancellationToken)"/>
    ValueTask AddAsync(string connectionId, string room, CancellationToken cancellationToken = default);

    /// <summary>Takes a member out.</summary>
    /// <exception cref="ActionException">It is no member, the room does not exist, or a middleware refused it.</exception>
    ValueTask RemoveAsync(Connection connection, string room, CancellationToken cancellationToken = default);

    /// <summary>Takes a member of any node out.</summary>
    /// <inheritdoc cref="RemoveAsync(Connection, string, CancellationToken)"/>
    ValueTask RemoveAsync(string connectionId, string room, CancellationToken cancellationToken = default);

    /// <summary>Tells who is in a room.</summary>
    /// <exception cref="ActionException">No room given, or it does not exist.</exception>
    ValueTask<RoomStatus> StatusAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Creates a room.</summary>
    /// <returns>Whether it did; false where the room exists.</returns>
    /// <exception cref="ActionException">
    /// The name is longer than <see cref="PolywireOptions.MaxRoomNameLength"/>, or there are <see cref="PolywireOptions.MaxRooms"/> already.
    /// </exception>
    ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Tells the members that the room is deleted, takes them out and removes it.</summary>
    /// <exception cref="ActionException">The room does not exist.</exception>
    ValueTask DestroyAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Whether a room exists.</summary>
    ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>The names of all rooms, sorted.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default);
}
