using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;

namespace Polywire.AspNetCore.Policies;

/// <summary>Puts a guard before every action of an application that has authorization, whatever the transport.</summary>
/// <remarks>
/// It runs inside the application's global middleware, which may be what tells who asks. What an action asks for is found out at its first
/// run: conventions of the mapping and a fallback policy count as its own attributes do.
/// </remarks>
internal sealed class AuthorizationConvention(IServiceProvider services) : IActionConvention
{
    public void Apply(ActionDescriptor action)
    {
        if (services.GetService<IAuthorizationPolicyProvider>() is not null)
        {
            action.Guards = [ActivatorUtilities.CreateInstance<AuthorizationGuard>(services, action), .. action.Guards];
        }
        else if (ActionPolicy.IsAskedBy(action.Metadata))
        {
            throw new InvalidOperationException($"Action {action} asks for authorization: call builder.Services.AddAuthorization().");
        }
    }
}
