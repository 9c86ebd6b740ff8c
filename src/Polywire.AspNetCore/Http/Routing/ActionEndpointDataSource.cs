using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Polywire.Actions;
using Polywire.AspNetCore.WebSockets;
using Polywire.AspNetCore.WebSockets.Upgrade;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The endpoints of actions and files, from the descriptors; made when the first request needs them.</summary>
/// <remarks>
/// The framework's matcher gets one of them, behind all of the application's own; the rest are what <see cref="ActionMatcherPolicy"/>
/// puts in its place.
/// </remarks>
internal sealed class ActionEndpointDataSource(IServiceProvider services) : EndpointDataSource
{
    private static readonly SuppressMatchingMetadata NotMatched = new();
    private readonly bool _isOn = services.GetRequiredService<IOptions<WebOptions>>().Value.Enabled;
    private readonly Lock _gate = new();
    private readonly WebRouter _router = services.GetRequiredService<WebRouter>();
    private IReadOnlyList<Endpoint>? _endpoints;
    private BodyPeek? _peek;
    private volatile EndpointSet? _set;
    private volatile WebEndpoints? _selection;

    /// <summary>What the application adds to the endpoints of actions.</summary>
    public EndpointConventions Actions { get; } = new();

    /// <summary>What the application adds to the endpoint of files.</summary>
    public EndpointConventions Files { get; } = new();

    public override IReadOnlyList<Endpoint> Endpoints
    {
        get
        {
            lock (_gate)
            {
                return _endpoints ??= Build([], []);
            }
        }
    }

    /// <summary>Whether the endpoints are made, with all conventions.</summary>
    public bool IsBuilt => _set is not null;

    /// <summary>The endpoints; made when they are first asked for.</summary>
    public EndpointSet Set
    {
        get
        {
            if (_set is null)
            {
                _ = Endpoints;
            }

            return _set!;
        }
    }

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    public override IReadOnlyList<Endpoint> GetGroupedEndpoints(RouteGroupContext context)
    {
        if (context.Prefix.RawText is { } prefix && prefix.Trim('/').Length > 0)
        {
            throw new NotSupportedException(
                $"MapPolywire cannot be called on a group with the prefix '{prefix}': set Polywire:Web:UrlPathForActions and UrlPathForFiles instead.");
        }

        lock (_gate)
        {
            return _endpoints = Build(context.Conventions, context.FinallyConventions);
        }
    }

    /// <summary>The endpoint of an action, whether or not the web server is on.</summary>
    public Endpoint EndpointOf(ActionDescriptor action) => Set.Of(action);

    public Endpoint Select(HttpContext http, out bool isOurs) => _selection!.Select(http, out isOurs);

    /// <summary>Whether the endpoint that was selected may yet be changed by the body.</summary>
    public bool NeedsBody(HttpContext http) =>
        (_peek ??= services.GetRequiredService<BodyPeek>()).Matters((WebRequest)http.Features[typeof(WebRequest)]!);

    /// <summary>The endpoint of the action that the body names; the one that was selected where it cannot be read.</summary>
    public async ValueTask<Endpoint> SelectByBodyAsync(HttpContext http, Endpoint selected)
    {
        var (isRead, action) = await _peek!.FindAsync((WebRequest)http.Features[typeof(WebRequest)]!);
        return !isRead ? selected : action is null ? _set!.Unresolved : _set!.Of(action);
    }

    private Endpoint[] Build(IReadOnlyList<Action<EndpointBuilder>> group, IReadOnlyList<Action<EndpointBuilder>> groupFinally)
    {
        var actions = services.GetRequiredService<HttpActionEndpoint>();
        var others = services.GetRequiredService<HttpOtherEndpoints>();
        var files = services.GetRequiredService<HttpFileEndpoint>();
        var registry = services.GetRequiredService<ActionRegistry>();
        var set = new EndpointSet(registry.All.ToFrozenDictionary(action => action, action => Make(
            actions.InvokeAsync, PathOf(action), action.ToString(), Actions, group, groupFinally, [action, NoLoginPage.Instance, .. action.Metadata])))
        {
            Unresolved = Make(actions.InvokeAsync, $"{_router.Prefixes.Actions}/", "Polywire actions", Actions, group, groupFinally, [NoLoginPage.Instance]),
            Files = Make(files.InvokeAsync, "/", "Polywire files", Files, group, groupFinally),
            Options = Plain(others.OptionsAsync, "Polywire OPTIONS"),
            Redirect = Plain(others.RedirectAsync, "Polywire host redirect"),
            Connect = Plain(HttpOtherEndpoints.ConnectAsync, "Polywire CONNECT"),
            Nowhere = Plain(actions.RefuseAsync, "Polywire path with dots"),
            Upgrade = Plain(HttpOtherEndpoints.RefuseUpgradeAsync, "Polywire upgrade"),
        };
        _set = set;
        if (!_isOn)
        {
            return [];
        }

        _selection = ActivatorUtilities.CreateInstance<WebEndpoints>(services, set);
        var all = new RouteEndpointBuilder(actions.InvokeAsync, RoutePatternFactory.Parse("/{**path}"), int.MaxValue - 1) { DisplayName = "Polywire" };
        Actions.Apply(all, group, groupFinally);
        all.Metadata.Add(this);
        return [all.Build(), .. WebSockets(group, groupFinally), .. set.Actions, set.Files];
    }

    // The endpoint's path and all below it; what is asked of whoever runs actions is asked before an upgrade too.
    private IEnumerable<Endpoint> WebSockets(IReadOnlyList<Action<EndpointBuilder>> group, IReadOnlyList<Action<EndpointBuilder>> groupFinally)
    {
        var sockets = services.GetRequiredService<WebSocketServices>();
        if (!sockets.Options.Enabled)
        {
            yield break;
        }

        var pattern = RoutePatternFactory.Parse($"{sockets.Path}/{{**rest}}");
        var endpoint = services.GetRequiredService<WebSocketEndpoint>();
        var builder = new RouteEndpointBuilder(endpoint.InvokeAsync, pattern, 0) { DisplayName = "Polywire WebSocket" };
        builder.Metadata.Add(NoLoginPage.Instance);
        Actions.Apply(builder, group, groupFinally);
        builder.Metadata.Add(endpoint);
        yield return builder.Build();
    }

    private string PathOf(ActionDescriptor action) =>
        $"{_router.Prefixes.Actions}{_router.RoutesOf(action.Name).Select(pair => pair.Route.Path).FirstOrDefault($"/{action.Name}")}";

    // They tell nothing, and browsers send no login with what they ask before a request.
    private static Endpoint Plain(RequestDelegate run, string name) => new(run, new EndpointMetadataCollection(new AllowAnonymousAttribute()), name);

    private static Endpoint Make(
        RequestDelegate run,
        string path,
        string name,
        EndpointConventions conventions,
        IReadOnlyList<Action<EndpointBuilder>> group,
        IReadOnlyList<Action<EndpointBuilder>> groupFinally,
        IEnumerable<object>? metadata = null)
    {
        // For people and metrics to read; nothing matches by it.
        var builder = new RouteEndpointBuilder(run, RoutePatternFactory.Pattern(path, Array.Empty<RoutePatternPathSegment>()), 0) { DisplayName = name };
        foreach (var item in metadata ?? [])
        {
            builder.Metadata.Add(item);
        }

        conventions.Apply(builder, group, groupFinally);
        builder.Metadata.Add(NotMatched);
        return builder.Build();
    }
}
