namespace Polywire;

/// <summary>How a run ended. Source: docs/protocol/errors.md.</summary>
public enum ActionStatus
{
    /// <summary>The action ran; 200 on the web unless the action set another code.</summary>
    Success,

    /// <summary>The action or a middleware refused, 400 on the web, or failed with an exception that is no <see cref="ActionException"/>, 500.</summary>
    GenericError,

    /// <summary>The host is stopping; 503 on the web, with <c>Retry-After</c>.</summary>
    ServerShuttingDown,

    /// <summary>The connection has more actions running than <c>PolywireOptions.SimultaneousActions</c>; 400 on the web.</summary>
    TooManyRequests,

    /// <summary>No action of that name, or not in that version; 404 on the web.</summary>
    UnknownAction,

    /// <summary>The action is blocked for the connection's transport; 400 on the web.</summary>
    UnsupportedServerType,

    /// <summary>A required input was not sent; 422 on the web.</summary>
    MissingParams,

    /// <summary>An input was refused; 400 on the web.</summary>
    ValidatorErrors,

    /// <summary>The action needs a user, and there is none; 401 on the web.</summary>
    Unauthorized,

    /// <summary>The user may not run the action; 403 on the web.</summary>
    Forbidden,

    /// <summary>The run passed its deadline; 408 on the web.</summary>
    Timeout,

    /// <summary>The request contradicts the state of things; 409 on the web.</summary>
    Conflict,

    /// <summary>A rate limit refused the request; 429 on the web.</summary>
    RateLimited,

    /// <summary>The client went away or the host stopped hard; 499 on the web.</summary>
    Cancelled,

    /// <summary>What the nodes of a cluster share cannot be reached now, and the request needs it; 503 on the web.</summary>
    ClusterNotReachable,
}
