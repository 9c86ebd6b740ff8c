using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The endpoints of one mapping, with the application's conventions applied.</summary>
internal sealed class EndpointSet(FrozenDictionary<ActionDescriptor, Endpoint> actions)
{
    private readonly ConcurrentDictionary<Endpoint, Endpoint> _options = [];

    /// <summary>An action that is named only in the body, or not at all.</summary>
    public required Endpoint Unresolved { get; init; }

    public required Endpoint Files { get; init; }

    public required Endpoint Options { get; init; }

    public required Endpoint Redirect { get; init; }

    public required Endpoint Connect { get; init; }

    /// <summary>Answers that there is nothing, whatever query and body say.</summary>
    public required Endpoint Nowhere { get; init; }

    /// <summary>Answers requests for an upgrade that nobody offers.</summary>
    public required Endpoint Upgrade { get; init; }

    public IEnumerable<Endpoint> Actions => actions.Values;

    public Endpoint Of(ActionDescriptor action) => actions.TryGetValue(action, out var endpoint) ? endpoint : Unresolved;

    /// <summary>Answers <c>OPTIONS</c> for an endpoint, with its CORS policy and nothing else of it.</summary>
    public Endpoint OptionsOf(Endpoint endpoint) =>
        _options.GetOrAdd(
            endpoint,
            static (real, plain) => new Endpoint(
                plain.RequestDelegate, new EndpointMetadataCollection([.. plain.Metadata, .. real.Metadata.GetOrderedMetadata<ICorsMetadata>()]), $"OPTIONS {real.DisplayName}"),
            Options);
}
