using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Policies;

/// <summary>Adds <see cref="ActionVaryPolicy"/> to an application that has output caching.</summary>
internal sealed class OutputCacheSetup(IServiceProvider services) : IPostConfigureOptions<OutputCacheOptions>
{
    public void PostConfigure(string? name, OutputCacheOptions options) =>
        options.AddBasePolicy(ActivatorUtilities.CreateInstance<ActionVaryPolicy>(services));
}
