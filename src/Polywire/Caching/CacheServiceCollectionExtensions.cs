using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Polywire.Caching;

internal static class CacheServiceCollectionExtensions
{
    /// <summary>Adds the cache, over the in-process store unless another store is registered already.</summary>
    /// <remarks>
    /// Singletons; the container disposes of the store. Takes the clock, the node's identity, the JSON options and logging from the
    /// core's own registrations.
    /// </remarks>
    public static IServiceCollection AddPolywireCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        services.TryAddSingleton<ICacheStore, InProcessCacheStore>();
        services.TryAddSingleton<ICache, Cache>();
        return services;
    }
}
