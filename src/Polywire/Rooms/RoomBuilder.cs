using Polywire.Rooms;

namespace Polywire;

/// <summary>Says how a room works; used while the application is set up.</summary>
public sealed class RoomBuilder
{
    private readonly RoomRule _rule;

    internal RoomBuilder(RoomRule rule) => _rule = rule;

    /// <summary>Says what becomes of members that read more slowly than the room speaks.</summary>
    /// <param name="policy">The policy; <see cref="SlowReader.Disconnect"/> where nothing is said.</param>
    public RoomBuilder WhenSlow(SlowReader policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _rule.WhenSlow = policy;
        return this;
    }
}
