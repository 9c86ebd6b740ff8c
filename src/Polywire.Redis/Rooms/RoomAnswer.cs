namespace Polywire.Redis.Rooms;

/// <summary>What Redis answered to a join or an announcement.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Generation">The generation of that moment; of the creation of the room where it was made anew.</param>
internal readonly record struct RoomAnswer(RoomAnswer.Kind Outcome, long Generation)
{
    internal enum Kind
    {
        /// <summary>The node does not hold its lease; nothing was noted.</summary>
        NoLease,

        /// <summary>There is no such room; nothing was noted.</summary>
        NoRoom,

        /// <summary>The room was made after the earliest of the members had joined; nothing was noted.</summary>
        MadeAnew,

        /// <summary>The members are noted.</summary>
        Done,
    }
}
