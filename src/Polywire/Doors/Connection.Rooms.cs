using System.Diagnostics.CodeAnalysis;
using Polywire.Outbound;

namespace Polywire;

public abstract partial class Connection
{
    private List<string>? _rooms;

    /// <summary>The rooms that the connection is in, in the order of joining; a copy.</summary>
    public IReadOnlyList<string> Rooms
    {
        get
        {
            lock (Life)
            {
                return _rooms is null ? [] : [.. _rooms];
            }
        }
    }

    /// <summary>The number of rooms that the connection is in.</summary>
    [Experimental("PWX0001")]
    public int RoomCount
    {
        get
        {
            lock (Life)
            {
                return _rooms?.Count ?? 0;
            }
        }
    }

    internal bool IsIn(string room)
    {
        lock (Life)
        {
            return _rooms is not null && _rooms.Contains(room);
        }
    }

    /// <summary>Notes a membership, unless it is there, the limit is reached or the connection has closed.</summary>
    internal RoomJoin TryAddRoom(string room, int limit)
    {
        lock (Life)
        {
            if (Life.IsClosed)
            {
                return RoomJoin.Closed;
            }

            if (_rooms is not null && _rooms.Contains(room))
            {
                return RoomJoin.AlreadyIn;
            }

            if (_rooms?.Count >= limit)
            {
                return RoomJoin.TooMany;
            }

            (_rooms ??= new List<string>(1)).Add(room);
            return RoomJoin.Added;
        }
    }

    internal bool RemoveRoom(string room)
    {
        lock (Life)
        {
            if (_rooms is null || !_rooms.Remove(room))
            {
                return false;
            }

            if (_rooms.Count == 0)
            {
                _rooms = null;
            }

            return true;
        }
    }

    /// <summary>Queues what was said in a room for the client; never waits for the client. Called concurrently.</summary>
    /// <returns>Whether it was queued, and why not.</returns>
    [Experimental("PWX0001")]
    protected internal abstract Delivery Deliver(in OutboundEntry entry);
}

/// <summary>What became of an attempt to note a membership.</summary>
internal enum RoomJoin
{
    /// <summary>It is noted.</summary>
    Added,

    /// <summary>It was there.</summary>
    AlreadyIn,

    /// <summary>The connection is in as many rooms as it may be.</summary>
    TooMany,

    /// <summary>The connection has closed.</summary>
    Closed,
}
