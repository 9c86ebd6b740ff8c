using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;

namespace Polywire.AspNetCore.Policies;

/// <summary>Puts a guard before every action of an application that has antiforgery tokens.</summary>
internal sealed class AntiforgeryConvention(IServiceProvider services) : IActionConvention
{
    public void Apply(ActionDescriptor action)
    {
        // Where the service is missing, an action that asks for it stops the start (MetadataCheck).
        if (services.GetService<IAntiforgery>() is not null)
        {
            action.Guards = [ActivatorUtilities.CreateInstance<AntiforgeryGuard>(services, action), .. action.Guards];
        }
    }
}
