using StackExchange.Redis;

namespace Polywire.Redis.Connection;

/// <summary>Where the multiplexer comes from.</summary>
/// <param name="multiplexer">Gives the application's; null where Polywire makes its own.</param>
internal sealed class RedisSource(Func<IServiceProvider, IConnectionMultiplexer>? multiplexer)
{
    /// <summary>Whether it is the application's.</summary>
    public bool IsGiven => Multiplexer is not null;

    public Func<IServiceProvider, IConnectionMultiplexer>? Multiplexer { get; } = multiplexer;
}
