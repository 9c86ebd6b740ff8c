using Microsoft.AspNetCore.Builder;

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
    }
}
