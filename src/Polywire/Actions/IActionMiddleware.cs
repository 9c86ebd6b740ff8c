namespace Polywire;

/// <summary>The rest of a run: the middleware inside this one, then the action.</summary>
/// <remarks>Does not throw what the action threw: that is in <see cref="ActionContext.Error"/> when it returns.</remarks>
public delegate ValueTask ActionDelegate(ActionContext context);

/// <summary>Runs around actions: before, after, or instead of them.</summary>
/// <remarks>
/// Resolved from the run's services at each run, with the lifetime it is registered under (scoped where it is not). It sees all params,
/// before they are reduced to the action's inputs. Not calling <c>next</c> answers without running the action. What it throws ends the
/// run with that error. Source: docs/protocol/actions.md, "Middleware".
/// </remarks>
public interface IActionMiddleware
{
    /// <summary>Runs around one action.</summary>
    ValueTask InvokeAsync(ActionContext context, ActionDelegate next);
}
