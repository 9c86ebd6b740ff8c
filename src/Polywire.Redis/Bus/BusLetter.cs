using StackExchange.Redis;

namespace Polywire.Redis.Bus;

/// <summary>A message on its way out. Immutable.</summary>
internal sealed class BusLetter
{
    /// <summary>Where to.</summary>
    public required RedisChannel Channel { get; init; }

    /// <summary>Header and body.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Its place among all that this node has accepted.</summary>
    public required long Order { get; init; }

    /// <summary>When it was accepted, as a timestamp.</summary>
    public required long AcceptedAt { get; init; }
}
