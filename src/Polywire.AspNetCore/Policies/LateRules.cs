using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Policies;

/// <summary>Sees to it that what runs is what the middleware was asked about, where a body names another action than path and query do.</summary>
/// <remarks>
/// Authorization is asked again for the action that runs (<see cref="AuthorizationGuard"/>). Limits, CORS, caching and the like have
/// happened, or not, by then: an action whose rules of this kind are not those of the endpoint that was shown does not run.
/// </remarks>
internal sealed partial class LateRules(MappedActions mapped, IServiceProvider services, ErrorCatalog texts, ILogger<LateRules> logger)
{
    private bool? _varies;

    /// <summary>Whether the endpoints have any rule, so that it matters which of them the middleware saw.</summary>
    public bool Varies => _varies ??= FindOut();

    /// <summary>Makes the endpoint that of the action that runs, or says why it does not run.</summary>
    public ActionError? Refuses(WebRequest request, ActionDescriptor? action)
    {
        var shown = request.Http.GetEndpoint();
        if (action is null || mapped.EndpointOf(action) is not { } real || shown is null || ReferenceEquals(shown, real))
        {
            return null;
        }

        if (!MiddlewareRules.AreAlike(shown, real))
        {
            Log.NamedLate(logger, action, shown.DisplayName);
            return new ActionError { Status = ActionStatus.GenericError, Message = texts.ActionNamedLate };
        }

        // Who decides by the endpoint's metadata from here on sees what runs.
        request.Shown = shown;
        request.Http.SetEndpoint(real);
        return null;
    }

    private bool FindOut()
    {
        if (mapped.Source?.Set is not { } set)
        {
            return false;
        }

        return services.GetService<IAuthorizationPolicyProvider>() is not null
            || MiddlewareRules.Any(set.Unresolved)
            || set.Actions.Any(action => MiddlewareRules.Any(action) || !MiddlewareRules.AreAlike(set.Unresolved, action));
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.ActionNamedLate, LogLevel.Information, "Action {Action} was named in the body of a request that the middleware took for {Endpoint}, whose limits, CORS or caching are others; it did not run")]
        public static partial void NamedLate(ILogger logger, ActionDescriptor action, string? endpoint);
    }
}
