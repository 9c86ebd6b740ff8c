using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Polywire.AspNetCore.Policies;

/// <summary>Puts a guard before every action that asks for authorization, whatever the transport.</summary>
/// <remarks>It runs inside the application's global middleware, which may be what tells who asks.</remarks>
internal sealed class AuthorizationConvention(IServiceProvider services) : IActionConvention
{
    public void Apply(ActionDescriptor action)
    {
        var data = action.Metadata.OfType<IAuthorizeData>().ToArray();
        var policies = action.Metadata.OfType<AuthorizationPolicy>().ToArray();
        if ((data.Length == 0 && policies.Length == 0) || action.Metadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }

        if (services.GetService<IAuthorizationPolicyProvider>() is not { } provider)
        {
            throw new InvalidOperationException($"Action {action} asks for authorization: call builder.Services.AddAuthorization().");
        }

        var guard = new AuthorizationGuard(data, policies, provider);
        action.Middleware = [_ => guard, .. action.Middleware];
    }
}
