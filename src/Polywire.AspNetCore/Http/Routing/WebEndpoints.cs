using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.AspNetCore.WebSockets.Upgrade;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>The endpoints that can answer a request, and the choice among them.</summary>
internal sealed class WebEndpoints(
    WebRouter router, HostFilter hosts, PageOrigins pages, ActionChoice choice, IOptions<WebOptions> options, EndpointSet endpoints)
{
    private readonly bool _jsonp = options.Value.Jsonp;

    /// <summary>Chooses the endpoint of a request and leaves a <see cref="WebRequest"/> among its features.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isOurs">Whether anything of ours is meant: a prefix, a route or an action that is named.</param>
    public Endpoint Select(HttpContext http, out bool isOurs)
    {
        var target = RequestTarget.Parse(RawTarget(http), http.Request.PathBase.ToUriComponent(), router.Prefixes);
        var method = http.Request.Method;
        RouteMatch? route = null;
        Endpoint endpoint;
        if (hosts.Refuses(http))
        {
            endpoint = endpoints.Redirect;
        }
        else if (WebSocketUpgrade.Of(http) is { IsWebSocket: true })
        {
            endpoint = endpoints.Upgrade;
        }
        else if (method == HttpMethods.Connect)
        {
            endpoint = endpoints.Connect;
        }
        else if (method == HttpMethods.Options)
        {
            endpoint = Preflight(http, target);
        }
        else
        {
            (endpoint, route) = Resource(method, target);
        }

        isOurs = target.IsPrefixed || route is not null || (endpoint != endpoints.Files && endpoint != endpoints.Unresolved);
        var request = new WebRequest(http, target, route);
        if (_jsonp && JsonpQuery.MayAsk(target.Query) && pages.IsForeignScript(http.Request))
        {
            // The page reads what it gets, so it gets what anybody would.
            request.IsNobodys = true;
            PageOrigins.ForgetVisitor(http);
        }

        http.Features[typeof(WebRequest)] = request;
        return endpoint;
    }

    // TestHost and other servers may not know the target as it was sent.
    private static string RawTarget(HttpContext http) =>
        http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw
            ? raw
            : $"{http.Request.PathBase.ToUriComponent()}{http.Request.Path.ToUriComponent()}{http.Request.QueryString.ToUriComponent()}";

    private (Endpoint, RouteMatch?) Resource(string method, RequestTarget target)
    {
        if (target.Mode == TargetMode.Nowhere)
        {
            return (endpoints.Nowhere, null);
        }

        // Below the prefix of files there is nothing but files.
        var route = target is { Mode: TargetMode.File, IsPrefixed: true } ? null : router.Match(method, target.Rest, target.RestParts);
        if (route?.Route.Dir is not null)
        {
            return (endpoints.Files, route);
        }

        if (target.Mode == TargetMode.File)
        {
            return (endpoints.Files, null);
        }

        return (choice.Find(route, target.Query) is { } action ? endpoints.Of(action) : endpoints.Unresolved, route);
    }

    // What may be asked across origins is said by the action that would answer the real request.
    private Endpoint Preflight(HttpContext http, RequestTarget target)
    {
        var method = http.Request.Headers.AccessControlRequestMethod;
        if (method.Count == 1 && target.Mode == TargetMode.Action)
        {
            var (endpoint, _) = Resource(method[0]!, target);
            if (endpoint.Metadata.GetMetadata<ICorsMetadata>() is not null)
            {
                return endpoints.OptionsOf(endpoint);
            }
        }

        return endpoints.Options;
    }
}
