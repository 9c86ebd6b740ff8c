using Microsoft.AspNetCore.Builder;

namespace Polywire;

/// <summary>Adds conventions to what <c>MapPolywire</c> has mapped; those called on this itself hold for every action.</summary>
public sealed class PolywireEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _actions;

    internal PolywireEndpointConventionBuilder(IEndpointConventionBuilder actions, IEndpointConventionBuilder files)
    {
        _actions = actions;
        Files = files;
    }

    /// <summary>For conventions that hold for files.</summary>
    public IEndpointConventionBuilder Files { get; }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _actions.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _actions.Finally(finallyConvention);
}
