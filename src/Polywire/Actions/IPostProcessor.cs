namespace Polywire;

/// <summary>Runs after an action that succeeded, in the manner of ActionHero's middleware; for code that is ported.</summary>
/// <remarks>
/// All run in ascending order right after the action, inside of every <see cref="IActionMiddleware"/>. None runs where the action failed,
/// an input was refused, or <see cref="ActionContext.ToProcess"/> is off. What one throws ends the run with that error beside what is in the
/// answer. Resolved from the run's services. Source: docs/protocol/actions.md, "Middleware".
/// </remarks>
public interface IPostProcessor
{
    /// <summary>Runs after one action.</summary>
    ValueTask PostProcessAsync(ActionContext context);
}
