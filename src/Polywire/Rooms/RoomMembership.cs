using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Doors;

namespace Polywire.Rooms;

/// <summary>Who joins and who leaves (core.md; cluster.md NO-22 to NO-26).</summary>
/// <remarks>
/// A member is noted here first, so that a word that is said from then on reaches it, then in the store; and forgotten here first, so that
/// leaving does not depend on the store.
/// </remarks>
internal sealed partial class RoomMembership(
    IRoomStore store, LocalRooms local, RoomMiddlewareChain middleware, ErrorCatalog texts, TimeProvider time, PolywireOptions options, ILogger logger)
{
    private readonly int _maxRooms = options.MaxRoomsPerConnection;
    private readonly TimeSpan _leaveLimit = EndingStep.LimitOf(options);

    /// <summary>Makes a connection a member, in the order of core.md R-5.</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="ActionException">A middleware refused it, or the cluster is not reachable.</exception>
    public async ValueTask<string?> TryAddAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (connection.Transport == Transports.Web)
        {
            // It is gone when the request has been answered, and nobody could push to it.
            return texts.CannotBeInRooms(connection.Type);
        }

        if (connection.IsIn(room))
        {
            return texts.ConnectionAlreadyInRoom(room);
        }

        if (string.IsNullOrEmpty(room))
        {
            return texts.RoomDoesNotExist;
        }

        var exists = store.ExistsAsync(room, cancellationToken);
        if (exists.IsCompleted)
        {
            return await JoinAsync(connection, room, exists, cancellationToken);
        }

        // While the store is asked, the subscription is on its way.
        var held = local.Hold(room);
        try
        {
            return await JoinAsync(connection, room, exists, cancellationToken);
        }
        finally
        {
            local.Release(room, held);
        }
    }

    /// <summary>Takes a member out, in the order of core.md R-6. Succeeds though the store is away (NO-24).</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="ActionException">A middleware refused it.</exception>
    public async ValueTask<string?> TryRemoveAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (!connection.IsIn(room))
        {
            return texts.ConnectionNotInRoom(room);
        }

        await middleware.LeaveAsync(connection, room, cancellationToken);
        await ForgetAsync(connection, room);
        return null;
    }

    /// <summary>Takes a connection that is gone out of all its rooms; nobody can refuse. The store is told of all of them at once (NO-25).</summary>
    public async ValueTask LeaveAllAsync(Connection connection)
    {
        if (connection.RoomCount == 0)
        {
            return;
        }

        var leaves = new List<RoomLeave>();
        var after = new List<Action>();
        foreach (var room in connection.Rooms)
        {
            await middleware.MustLeaveAsync(connection, room);
            if (local.Remove(connection, room) is { } giveBack)
            {
                leaves.Add(new RoomLeave { Room = room, Members = [connection.Id] });
                after.Add(giveBack);
            }
        }

        await TellAsync(leaves);
        foreach (var giveBack in after)
        {
            giveBack();
        }
    }

    /// <summary>Takes those out who were members of a room that was removed, and nobody of a room made anew (NO-26).</summary>
    public async ValueTask EmptyAsync(string room, long generation)
    {
        var gone = local.Find(room)?.Below(generation) ?? [];
        foreach (var connection in gone)
        {
            await middleware.MustLeaveAsync(connection, room);
            local.Remove(connection, room)?.Invoke();
        }

        if (gone.Count > 0)
        {
            // Without members: an entry of one who has joined the room made anew has to stay.
            await TellAsync([new RoomLeave { Room = room, Members = [] }]);
        }
    }

    private async ValueTask<string?> JoinAsync(Connection connection, string room, ValueTask<bool> exists, CancellationToken cancellationToken)
    {
        if (!await exists)
        {
            return texts.RoomDoesNotExist;
        }

        if (connection.RoomCount >= _maxRooms)
        {
            return texts.TooManyRooms;
        }

        await middleware.JoinAsync(connection, room, cancellationToken);
        switch (connection.TryAddRoom(room, _maxRooms))
        {
            case RoomJoin.AlreadyIn:
                // Another join was faster. No leaving: it is a member, and is seen to go when it goes (rooms.md RO-14).
                return texts.ConnectionAlreadyInRoom(room);
            case RoomJoin.TooMany:
                // The middleware has seen it come, so it sees it go (core.md R-25).
                await middleware.MustLeaveAsync(connection, room);
                return texts.TooManyRooms;
            case RoomJoin.Closed:
                await middleware.MustLeaveAsync(connection, room);
                return texts.ConnectionNotFound;
        }

        try
        {
            if (!await StoreAsync(connection, room, cancellationToken))
            {
                await UndoAsync(connection, room);
                return texts.RoomDoesNotExist;
            }
        }
        catch
        {
            await UndoAsync(connection, room);
            throw;
        }

        if (!connection.IsIn(room))
        {
            // It left while it joined, and whoever took it out may have looked before the membership was stored (core.md R-25).
            await ForgetAsync(connection, room);
        }

        return connection.IsClosed ? texts.ConnectionNotFound : null;
    }

    private async ValueTask<bool> StoreAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        var member = new RoomMember { Id = connection.Id, JoinedAt = time.GetUtcNow() };
        await local.AddAsync(connection, room, member.JoinedAt).WaitAsync(cancellationToken);
        var outcome = await store.JoinAsync(room, member, cancellationToken);

        // Destroyed while the answer was on its way: what has joined is a room that is no more.
        return outcome.IsJoined && local.Find(room)?.Confirm(connection, outcome.Generation) is not false;
    }

    // The store is told without waiting: it has kept the caller waiting once already, and what it does in the order of the calls comes behind the join.
    private async ValueTask UndoAsync(Connection connection, string room)
    {
        await middleware.MustLeaveAsync(connection, room);
        var giveBack = local.Remove(connection, room);
        _ = TellAsync([new RoomLeave { Room = room, Members = [connection.Id] }]).AsTask();
        giveBack?.Invoke();
    }

    private async ValueTask ForgetAsync(Connection connection, string room)
    {
        var giveBack = local.Remove(connection, room);
        await TellAsync([new RoomLeave { Room = room, Members = [connection.Id] }]);
        if (connection.IsIn(room))
        {
            await NoteAgainAsync(connection, room);
        }

        giveBack?.Invoke();
    }

    // It has joined again before the store was told that it left, which took the new entry.
    private async ValueTask NoteAgainAsync(Connection connection, string room)
    {
        try
        {
            foreach (var member in local.Find(room)?.Members() ?? [])
            {
                if (member.Member.Id == connection.Id)
                {
                    await store.JoinAsync(room, member.Member, CancellationToken.None).AsTask().WaitAsync(_leaveLimit, time);
                }
            }
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, exception, LogText.OneLine(room, LogText.NameLength));
        }
    }

    // Never throws: whoever leaves has left, and what stays in the store goes with the next announcement (NO-36).
    private async ValueTask TellAsync(List<RoomLeave> leaves)
    {
        if (leaves.Count == 0)
        {
            return;
        }

        try
        {
            await store.LeaveAsync(leaves, CancellationToken.None).WithinAsync(_leaveLimit, time);
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, exception, LogText.OneLine(leaves[0].Room, LogText.NameLength));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.PresenceFailed, LogLevel.Warning, "The room store failed while a connection left {Room}; its entry goes with the next announcement")]
        public static partial void StoreFailed(ILogger logger, Exception exception, string room);
    }
}
