using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Polywire.AspNetCore.Policies;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>What the application adds to endpoints after it has mapped them.</summary>
internal sealed class EndpointConventions : IEndpointConventionBuilder
{
    private readonly List<Action<EndpointBuilder>> _conventions = [];
    private readonly List<Action<EndpointBuilder>> _finally = [];

    public void Add(Action<EndpointBuilder> convention) => _conventions.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => _finally.Add(finallyConvention);

    public void Apply(EndpointBuilder builder, IReadOnlyList<Action<EndpointBuilder>> group, IReadOnlyList<Action<EndpointBuilder>> groupFinally)
    {
        foreach (var convention in group.Concat(_conventions).Concat(_finally).Concat(groupFinally))
        {
            convention(builder);
        }

        if (builder.FilterFactories.Count > 0)
        {
            throw new NotSupportedException(
                "MapPolywire has endpoint filters (AddEndpointFilter), which do not run for actions and files: use AddActionMiddleware, or middleware of the application.");
        }

        // Asked by us when the action is known: the framework's middleware tells an endpoint only whether it may read a form, and would read the body for that.
        if (builder.Metadata.OfType<IAntiforgeryMetadata>().LastOrDefault() is { } antiforgery)
        {
            foreach (var item in builder.Metadata.Where(static item => item is IAntiforgeryMetadata).ToArray())
            {
                builder.Metadata.Remove(item);
            }

            builder.Metadata.Add(new AntiforgeryRule(antiforgery.RequiresValidation));
        }
    }
}
