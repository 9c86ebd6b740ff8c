using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Params;

namespace Polywire.AspNetCore.Policies;

/// <summary>Keeps apart in the output cache what an action's path and the application's own rules do not: the action itself and a JSONP callback.</summary>
/// <remarks>It caches nothing by itself: whether an endpoint is cached is the application's to say.</remarks>
internal sealed class ActionVaryPolicy(HttpParamsReader parameters) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        if (http.Features.Get<WebRequest>() is { } request)
        {
            context.CacheVaryByRules.VaryByValues["polywire-action"] = http.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>()?.ToString() ?? string.Empty;
            using var received = parameters.ReadQuery(request.Target.Query);
            if (received.Set.TryFind("callback"u8, out var callback))
            {
                context.CacheVaryByRules.VaryByValues["polywire-callback"] = Encoding.UTF8.GetString(callback.Bytes);
            }
        }

        return default;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => default;
}
