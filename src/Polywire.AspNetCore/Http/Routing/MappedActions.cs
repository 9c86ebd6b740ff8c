using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>What <c>MapPolywire</c> has mapped: by it every door knows what the application asks of an action.</summary>
internal sealed class MappedActions
{
    /// <summary>The endpoints; null where <c>MapPolywire</c> was not called.</summary>
    public ActionEndpointDataSource? Source { get; set; }

    /// <summary>Whether conventions of a group count too, which are known only when the framework has asked for the endpoints.</summary>
    public bool IsInGroup { get; set; }

    /// <summary>Whether all that the application asks of actions is known by now.</summary>
    public bool IsComplete => Source is not { } source || source.IsBuilt || !IsInGroup;

    /// <summary>What is asked of an action: the attributes of its class, and the conventions of its mapping.</summary>
    public IReadOnlyList<object> MetadataOf(ActionDescriptor action) =>
        Source is { } source ? source.EndpointOf(action).Metadata : action.Metadata;

    /// <summary>The endpoint of an action; null where nothing is mapped.</summary>
    public Endpoint? EndpointOf(ActionDescriptor action) => Source?.EndpointOf(action);
}
