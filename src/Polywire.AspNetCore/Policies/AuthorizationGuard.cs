using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http;

namespace Polywire.AspNetCore.Policies;

/// <summary>Lets an action run for those whom its policies allow.</summary>
internal sealed class AuthorizationGuard(IAuthorizeData[] data, AuthorizationPolicy[] policies, IAuthorizationPolicyProvider provider) : IActionMiddleware
{
    // What the framework's own middleware leaves behind when it has asked the endpoint's policies.
    private const string AskedByFramework = "__AuthorizationMiddlewareWithEndpointInvoked";

    private AuthorizationPolicy? _policy;

    public async ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
    {
        var http = (context.Http as HttpExchange)?.HttpContext;
        if (http is not null && IsAsked(http, context.Action))
        {
            await next(context);
            return;
        }

        var policy = _policy ?? await CombineAsync();
        var outcome = http is null || policy is null ? null : await AskAsync(http, context, policy);
        var allowed = policy is null || outcome?.Succeeded == true || (outcome is null && await IsAllowedAsync(context, policy));
        if (allowed)
        {
            await next(context);
            return;
        }

        context.Error = context.User.Identity?.IsAuthenticated == true
            ? new ActionError(ActionStatus.Forbidden, context.Texts.Forbidden)
            : new ActionError(ActionStatus.Unauthorized, context.Texts.Unauthorized);
    }

    // The action may have been chosen by the body, or by another version than the path told.
    private static bool IsAsked(HttpContext http, ActionDescriptor action) =>
        http.Items.ContainsKey(AskedByFramework) && http.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() == action;

    private static async ValueTask<PolicyAuthorizationResult?> AskAsync(HttpContext http, ActionContext context, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Count == 0 || http.RequestServices.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            return null;
        }

        // A policy may want another scheme than the request was authenticated by.
        var who = await evaluator.AuthenticateAsync(policy, http);
        if (who.Principal is { } user)
        {
            context.Connection.User = user;
        }

        return await evaluator.AuthorizeAsync(policy, who, http, http);
    }

    private static async ValueTask<bool> IsAllowedAsync(ActionContext context, AuthorizationPolicy policy) =>
        (await context.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, policy.Requirements)).Succeeded;

    private async ValueTask<AuthorizationPolicy?> CombineAsync()
    {
        var policy = await AuthorizationPolicy.CombineAsync(provider, data, policies);
        if (provider.AllowsCachingPolicies)
        {
            _policy = policy;
        }

        return policy;
    }
}
