namespace Polywire.Redis;

/// <summary>Settings of the cluster's part on Redis: section <c>Polywire:Redis</c>, or the calls of <c>AddRedis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Where Redis is: StackExchange.Redis's text (<c>localhost:6379,password=…</c>), or a URL (<c>redis://user:password@host:6379/0</c>, <c>rediss://</c> for
    /// TLS). Required, unless a multiplexer is given.
    /// </summary>
    public string Configuration { get; set; } = string.Empty;

    /// <summary>What all keys and channels begin with; <c>actionhero:</c> by default, as ActionHero has it. Nodes with another prefix are another cluster.</summary>
    public string Prefix { get; set; } = "actionhero:";

    /// <summary>
    /// How long a node counts as alive after its last sign of life; 10 seconds by default, 500 milliseconds to 10 minutes. Members of a node that died are gone
    /// within two leases. The same on all nodes.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that anything waits for Redis; 2 seconds by default, 100 milliseconds to 1 minute, and no more than <see cref="Lease"/>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the start waits for Redis before it fails; 10 seconds by default, 100 milliseconds to 1 hour.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a question to other nodes waits for their answers; 5 seconds by default, 100 milliseconds to 10 minutes.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Signs what nodes tell each other (HMAC-SHA256), so that whoever can publish on this Redis cannot speak as a node; at least 16 bytes in UTF-8. None by
    /// default. The same on all nodes; it never travels.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>How many messages are kept for the other nodes while Redis is away, the oldest dropped; 1,000 by default, 0 keeps none.</summary>
    public int OutboxMessages { get; set; } = 1_000;

    /// <summary>How long such a message is kept; 5 seconds by default, zero keeps none, 1 minute at most.</summary>
    public TimeSpan OutboxAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Settings of a node that joins a running ActionHero 19 cluster too; off by default.</summary>
    public ActionHeroOptions ActionHero { get; } = new();

    /// <summary>Joins a running ActionHero 19 cluster on the same Redis, so that a service can move node by node. Not on a Redis Cluster.</summary>
    /// <param name="serverToken">ActionHero's <c>config.general.serverToken</c>.</param>
    /// <returns>Its further settings.</returns>
    public ActionHeroOptions JoinActionHero(string serverToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverToken);
        ActionHero.ServerToken = serverToken;
        return ActionHero;
    }
}
