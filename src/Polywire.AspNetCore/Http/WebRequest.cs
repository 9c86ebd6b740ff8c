using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Http;

/// <summary>One web request on its way: what every step knows of it. A feature of the request, made when its endpoint is chosen.</summary>
internal sealed class WebRequest(HttpContext http, RequestTarget target, RouteMatch? route)
{
    private HttpConnection? _connection;

    public HttpContext Http => http;

    /// <summary>The target as it was sent, cut into mode, path and query.</summary>
    public RequestTarget Target => target;

    /// <summary>The route that matched; null for none, or where the param <c>action</c> won.</summary>
    public RouteMatch? Route { get; set; } = route;

    /// <summary>The endpoint that the middleware was shown, where that is not the one of the action that runs; else null.</summary>
    public Endpoint? Shown { get; set; }

    /// <summary>Whether the answer may be kept for others by the framework's output cache: it has nothing of the one who asks.</summary>
    public bool IsKept { get; set; }

    /// <summary>What was wrong with the body when it was looked into before the endpoint was chosen.</summary>
    public HttpBodyProblem BodyProblem { get; set; }

    /// <summary>The connection of this request; there from <see cref="Open"/> on.</summary>
    public HttpConnection Connection => _connection!;

    /// <summary>Whether it is a script for a page of another origin: no user, no session, and nothing that would tell of them.</summary>
    public bool IsNobodys { get; set; }

    /// <summary>The session's cookie as it was set on the answer; null for none.</summary>
    public string? SessionCookie { get; private set; }

    public void Open(HttpConnection connection, string? sessionCookie)
    {
        _connection = connection;
        SessionCookie = sessionCookie;
    }
}
