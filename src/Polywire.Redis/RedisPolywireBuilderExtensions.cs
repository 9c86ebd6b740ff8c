using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polywire.Hosting;
using Polywire.Redis;
using Polywire.Caching;
using Polywire.Redis.ActionHero;
using Polywire.Redis.Bus;
using Polywire.Redis.Caching;
using Polywire.Redis.Connection;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Nodes;
using Polywire.Redis.Rooms;
using StackExchange.Redis;

namespace Polywire;

/// <summary>Makes rooms, members, chat, cache, locks and calls those of all nodes on one Redis.</summary>
public static class RedisPolywireBuilderExtensions
{
    /// <summary>The configuration section of the settings.</summary>
    public const string ConfigurationSection = "Polywire:Redis";

    /// <summary>Joins the cluster on a Redis, over a connection of Polywire's own. May be called once.</summary>
    /// <param name="builder">Polywire.</param>
    /// <param name="configuration">As <see cref="RedisOptions.Configuration"/>; a configured value wins.</param>
    /// <param name="configure">Sets the other settings; what it sets wins over the configuration.</param>
    /// <remarks>The start waits for Redis, at most <see cref="RedisOptions.StartTimeout"/>, and fails without it. Afterwards Redis may go and come back.</remarks>
    public static IPolywireBuilder AddRedis(this IPolywireBuilder builder, string configuration, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        return Add(builder, new RedisSource(null), options => options.Configuration = configuration, configure);
    }

    /// <summary>Joins the cluster on the Redis of section <c>Polywire:Redis</c>, or of what the action sets.</summary>
    /// <inheritdoc cref="AddRedis(IPolywireBuilder, string, Action{RedisOptions}?)"/>
    public static IPolywireBuilder AddRedis(this IPolywireBuilder builder, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Add(builder, new RedisSource(null), null, configure);
    }

    /// <summary>Joins the cluster over a multiplexer of the application's, which is never disposed of here.</summary>
    /// <param name="builder">Polywire.</param>
    /// <param name="multiplexer">Gives the multiplexer; called once, at the start.</param>
    /// <param name="configure">Sets the settings; what it sets wins over the configuration.</param>
    /// <remarks>
    /// It is to have <c>AbortOnConnectFail</c> off and <c>BacklogPolicy.FailFast</c>; whatever it has, nothing here waits for longer than
    /// <see cref="RedisOptions.Timeout"/>.
    /// </remarks>
    public static IPolywireBuilder AddRedis(
        this IPolywireBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> multiplexer, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(multiplexer);
        return Add(builder, new RedisSource(multiplexer), null, configure);
    }

    private static IPolywireBuilder Add(IPolywireBuilder builder, RedisSource source, Action<RedisOptions>? before, Action<RedisOptions>? after)
    {
        var services = builder.Services;
        if (services.Any(static service => service.ServiceType == typeof(RedisSource)))
        {
            throw new InvalidOperationException("AddRedis was called before: a node is in one cluster.");
        }

        var options = services.AddOptions<RedisOptions>();
        if (before is not null)
        {
            options.Configure(before);
        }

        options.Configure<IServiceProvider>(static (options, provider) =>
            provider.GetService<IConfiguration>()?.GetSection(ConfigurationSection).Bind(options));
        if (after is not null)
        {
            options.Configure(after);
        }

        options.ValidateOnStart();
        KnownSettings.Of(services).Add<RedisOptions>("Redis").Add<ActionHeroOptions>("Redis:ActionHero");
        services.AddSingleton(source);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.AddSingleton<RedisLink>();
        services.AddSingleton<RedisMetrics>();
        services.AddSingleton<LinkHealth>();
        services.AddSingleton<INodeProblem>(static provider => provider.GetRequiredService<LinkHealth>());
        services.AddSingleton<Peers>();
        services.AddSingleton<NodeLease>();
        services.AddSingleton<RedisRoomStore>();
        services.Replace(ServiceDescriptor.Singleton<IRoomStore>(static provider => provider.GetRequiredService<RedisRoomStore>()));
        services.Replace(ServiceDescriptor.Singleton<ICacheStore, RedisCacheStore>());
        services.AddOptions<CacheOptions>().PostConfigure<IOptions<RedisOptions>>(static (cache, redis) => FollowPrefix(cache, redis.Value.Prefix));
        services.AddSingleton<BusMetrics>();
        services.AddSingleton<RedisBackplane>();
        services.AddSingleton<ActionHeroBridge>();
        services.Replace(ServiceDescriptor.Singleton(static provider =>
            provider.GetRequiredService<IOptions<RedisOptions>>().Value.ActionHero.ServerToken is null
                ? (IBackplane)provider.GetRequiredService<RedisBackplane>()
                : provider.GetRequiredService<ActionHeroBridge>()));
        return builder;
    }

    // Unless it was set, so that applications that share a Redis share no object.
    private static void FollowPrefix(CacheOptions cache, string prefix)
    {
        var unset = new CacheOptions();
        cache.Prefix = cache.Prefix == unset.Prefix ? $"{prefix}cache:" : cache.Prefix;
        cache.LockPrefix = cache.LockPrefix == unset.LockPrefix ? $"{prefix}lock:" : cache.LockPrefix;
    }
}
