using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Polywire.AspNetCore.WebSockets.Upgrade;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Replaces the one endpoint that the framework's matcher knows of by the one our own matching finds.</summary>
/// <remarks>So the application's endpoints come first, and its middleware sees the action's metadata.</remarks>
internal sealed class ActionMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // After those of methods, hosts and media types, which may have ruled out the application's endpoints.
    public override int Order => 10_000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<ActionEndpointDataSource>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var ours = -1;
        var hasWorse = false;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
            {
                continue;
            }

            if (candidates[i].Endpoint.Metadata.GetMetadata<ActionEndpointDataSource>() is not null)
            {
                ours = i;
            }
            else if (ours < 0)
            {
                // Better than ours, which is not looked at then.
                candidates[i].Endpoint.Metadata.GetMetadata<WebSocketEndpoint>()?.Choose(httpContext);
                return Task.CompletedTask;
            }
            else
            {
                hasWorse = true;
            }
        }

        if (ours >= 0)
        {
            var source = candidates[ours].Endpoint.Metadata.GetMetadata<ActionEndpointDataSource>()!;
            var endpoint = source.Select(httpContext, out var isOurs);
            if (!isOurs && hasWorse)
            {
                // A fallback of the application: it answers what is nobody's.
                candidates.SetValidity(ours, false);
            }
            else if (source.NeedsBody(httpContext))
            {
                return ReplaceAsync(httpContext, candidates, ours, source, endpoint);
            }
            else
            {
                candidates.ReplaceEndpoint(ours, endpoint, candidates[ours].Values);
            }
        }

        return Task.CompletedTask;
    }

    private static async Task ReplaceAsync(HttpContext http, CandidateSet candidates, int index, ActionEndpointDataSource source, Endpoint endpoint) =>
        candidates.ReplaceEndpoint(index, await source.SelectByBodyAsync(http, endpoint), candidates[index].Values);
}
