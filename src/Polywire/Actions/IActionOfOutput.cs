namespace Polywire;

/// <summary>A named unit of work without inputs, served on every transport.</summary>
/// <remarks>
/// Mark the class with <see cref="ActionAttribute"/>. All that is said of <see cref="IAction{TInput,TOutput}"/> holds; what clients send besides is dropped, as
/// anything that is no input.
/// </remarks>
/// <typeparam name="TOutput">Anything that serialises to JSON, or an <see cref="ActionResult"/>.</typeparam>
public interface IAction<TOutput> : IAction<NoInput, TOutput>
{
    /// <summary>Does the work.</summary>
    /// <param name="context">The run: connection, raw params, user, services. Valid until this method's task completes.</param>
    /// <param name="cancellationToken">Fires when the client goes away, the deadline passes or the host stops hard.</param>
    /// <exception cref="ActionException">Thrown by the action to answer with an error of its own words.</exception>
    ValueTask<TOutput> RunAsync(ActionContext context, CancellationToken cancellationToken);

    /// <inheritdoc/>
    ValueTask<TOutput> IAction<NoInput, TOutput>.RunAsync(NoInput input, ActionContext context, CancellationToken cancellationToken) =>
        RunAsync(context, cancellationToken);
}
