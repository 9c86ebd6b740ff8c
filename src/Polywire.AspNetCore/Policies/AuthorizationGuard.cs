using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.WebSockets;

namespace Polywire.AspNetCore.Policies;

/// <summary>Lets an action run for those whom its policies allow.</summary>
internal sealed partial class AuthorizationGuard(
    ActionDescriptor action, MappedActions mapped, IAuthorizationPolicyProvider provider, ILogger<AuthorizationGuard> logger) : IActionMiddleware
{
    // What the framework's own middleware leaves behind when it has asked the endpoint's policies.
    private const string AskedByFramework = "__AuthorizationMiddlewareWithEndpointInvoked";

    private static readonly ClaimsPrincipal Nobody = new(new ClaimsIdentity());
    private volatile Known? _known;

    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) =>
        _known is { Policy: null } || IsAsked(context) ? next(context) : AskAsync(context, next);

    // The body may have named another action than the one that the framework was shown, or another version of it.
    private static bool IsAsked(ActionContext context) =>
        context.Http is HttpExchange { HttpContext: { } http } exchange
        && http.Items.ContainsKey(AskedByFramework)
        && exchange.Shown?.Metadata.GetMetadata<ActionDescriptor>() == context.Action
        && (ReferenceEquals(http.User, context.User) || http.User.Identity?.IsAuthenticated != true);

    private async ValueTask AskAsync(ActionContext context, ActionDelegate next)
    {
        if (!mapped.IsComplete)
        {
            Log.NotMappedYet(logger, action);
            Refuse(context);
            return;
        }

        var policy = _known is { } known ? known.Policy : await CombineAsync();
        if (policy is null || await IsAllowedAsync(context, policy))
        {
            await next(context);
            return;
        }

        Refuse(context);
    }

    private static void Refuse(ActionContext context) =>
        context.Error = context.User.Identity?.IsAuthenticated == true
            ? new ActionError { Status = ActionStatus.Forbidden, Message = context.Texts.Forbidden }
            : new ActionError { Status = ActionStatus.Unauthorized, Message = context.Texts.Unauthorized };

    private async ValueTask<bool> IsAllowedAsync(ActionContext context, AuthorizationPolicy policy)
    {
        var http = (context.Http as HttpExchange)?.HttpContext;
        if (policy.AuthenticationSchemes.Count > 0)
        {
            await AuthenticateAsync(context, http, policy);
        }

        // As the framework does, a handler is given the request where there is one.
        var services = http?.RequestServices ?? context.Services;
        var result = await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, (object?)http ?? context, policy.Requirements);
        if (!result.Succeeded && logger.IsEnabled(LogLevel.Debug))
        {
            Log.Refused(logger, action, context.Connection.Type, context.User.Identity?.Name ?? "nobody known", ReasonOf(result.Failure, policy));
        }

        return result.Succeeded;
    }

    // A policy may want another scheme than the request or the connection was authenticated by.
    private async ValueTask AuthenticateAsync(ActionContext context, HttpContext? http, AuthorizationPolicy policy)
    {
        if (http is null)
        {
            if (context.Connection is WebSocketConnection socket)
            {
                context.AskedAs = socket.UserBy(policy.AuthenticationSchemes) ?? Nobody;
            }
        }
        else if (http.RequestServices.GetService<IPolicyEvaluator>() is { } evaluator && !IsMadeNobody(http, context))
        {
            var who = await evaluator.AuthenticateAsync(policy, http);
            context.Connection.User = who.Principal ?? Nobody;
            if (who.Failure is { } failure)
            {
                Log.NotAuthenticated(logger, action, context.Connection.Type, failure.Message);
            }
        }
    }

    // The request has a user whom the connection was not given: a page of another origin asks.
    private static bool IsMadeNobody(HttpContext http, ActionContext context) =>
        http.User.Identity?.IsAuthenticated == true && context.User.Identity?.IsAuthenticated != true;

    private static string ReasonOf(AuthorizationFailure? failure, AuthorizationPolicy policy)
    {
        var reasons = failure is null ? [] : failure.FailureReasons.Select(reason => reason.Message)
            .Concat(failure.FailedRequirements.Select(requirement => requirement.ToString() ?? requirement.GetType().Name));
        var text = string.Join("; ", reasons);
        return policy.AuthenticationSchemes.Count == 0 ? text : $"{text} (schemes: {string.Join(", ", policy.AuthenticationSchemes)})";
    }

    private async ValueTask<AuthorizationPolicy?> CombineAsync()
    {
        var policy = await ActionPolicy.CombineAsync(provider, mapped.MetadataOf(action));
        if (provider.AllowsCachingPolicies)
        {
            _known = new Known(policy);
        }

        return policy;
    }

    private sealed record Known(AuthorizationPolicy? Policy);

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.ActionRefused, LogLevel.Debug, "Action {Action} was refused on {Transport} to {User}: {Reason}")]
        public static partial void Refused(ILogger logger, ActionDescriptor action, string transport, string user, string reason);

        [LoggerMessage(ServerEventIds.NotAuthenticated, LogLevel.Debug, "Nobody was found by the schemes of action {Action} on {Transport}: {Reason}")]
        public static partial void NotAuthenticated(ILogger logger, ActionDescriptor action, string transport, string reason);

        [LoggerMessage(ServerEventIds.ActionNotMappedYet, LogLevel.Debug, "Action {Action} was refused: what its route group asks for is known when the host has started")]
        public static partial void NotMappedYet(ILogger logger, ActionDescriptor action);
    }
}
