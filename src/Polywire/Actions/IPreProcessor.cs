namespace Polywire;

/// <summary>Runs before an action, in the manner of ActionHero's middleware; for code that is ported.</summary>
/// <remarks>
/// Sees every param that was sent. What it throws ends the run. With <see cref="ActionContext.ToProcess"/> switched off inputs are still
/// checked, but the action does not run. Resolved from the run's services. Source: docs/protocol/actions.md, "Middleware".
/// </remarks>
public interface IPreProcessor
{
    /// <summary>Runs before one action.</summary>
    ValueTask PreProcessAsync(ActionContext context);
}
