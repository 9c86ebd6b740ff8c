namespace Polywire;

/// <summary>A named unit of work with typed input and output, served on every transport.</summary>
/// <remarks>
/// Mark the class with <see cref="ActionAttribute"/>. A fresh instance is made for each run, its constructor arguments come from the
/// run's service scope. Inputs are bound and validated before <see cref="RunAsync"/> is called.
/// </remarks>
/// <typeparam name="TInput">A record; its members are the action's inputs. An action without any implements <see cref="IAction{TOutput}"/>.</typeparam>
/// <typeparam name="TOutput">Anything that serialises to JSON, or an <see cref="ActionResult"/>.</typeparam>
public interface IAction<in TInput, TOutput>
{
    /// <summary>Does the work.</summary>
    /// <param name="input">Bound and valid.</param>
    /// <param name="context">The run: connection, raw params, user, services. Valid until this method's task completes.</param>
    /// <param name="cancellationToken">Fires when the client goes away, the deadline passes or the host stops hard.</param>
    /// <exception cref="ActionException">Thrown by the action to answer with an error of its own words.</exception>
    ValueTask<TOutput> RunAsync(TInput input, ActionContext context, CancellationToken cancellationToken);
}
