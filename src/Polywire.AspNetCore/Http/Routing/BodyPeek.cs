using Polywire.Actions;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Policies;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Looks into short bodies for the name of an action before the endpoint is chosen, so that middleware is shown what runs.</summary>
/// <remarks>Only where it matters which endpoint that is. Long bodies, uploads and coded ones wait: see <see cref="LateRules"/>.</remarks>
internal sealed class BodyPeek(HttpParamsReader parameters, ActionChoice choice, ActionRegistry registry, LateRules rules)
{
    /// <summary>Whether the body may name another action, or another version, than path and query do.</summary>
    public bool Matters(WebRequest request) =>
        request.Target.Mode == TargetMode.Action
        && HttpParamsReader.IsShort(request.Http.Request)
        && !choice.IsSettledBy(request.Route)
        && rules.Varies;

    /// <summary>Finds the action that runs.</summary>
    /// <returns>Whether the body could be read, and the action; null for none.</returns>
    public async ValueTask<(bool IsRead, ActionDescriptor? Action)> FindAsync(WebRequest request)
    {
        using var received = parameters.ReadQuery(request.Target.Query);
        if (!await parameters.PeekAsync(request, received))
        {
            return (false, null);
        }

        choice.Apply(request.Route, received);
        return (true, registry.Find(received.Set));
    }
}
