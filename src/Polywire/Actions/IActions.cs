namespace Polywire;

/// <summary>The actions of this application: what there is, and running one in-process. Safe to use concurrently.</summary>
/// <remarks>
/// Implemented by Polywire alone; members are added in minor versions. A test takes the one of <c>PolywireTestHost</c>, or a fake that is made at run time
/// and so has members that come later: of a mocking library, or one that derives from <see cref="System.Reflection.DispatchProxy"/>.
/// </remarks>
public interface IActions
{
    /// <summary>Every action, by name and then by version.</summary>
    IReadOnlyList<ActionDescriptor> All { get; }

    /// <summary>Runs an action through the whole pipeline, on a connection inside the process.</summary>
    /// <param name="name">The action's name.</param>
    /// <param name="input">
    /// Serialises to a JSON object: its members are the params, named in camel case unless the action has an input of the member's own name.
    /// <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The answer, read back as <typeparamref name="TOutput"/>.</returns>
    /// <exception cref="ActionException">The run failed; status, message and value are those of the answer.</exception>
    /// <exception cref="InvalidOperationException">The action answers with a file.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    /// <remarks>The run has nobody for its user; the current culture and activity are the run's too.</remarks>
    ValueTask<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default);

    /// <summary>Runs an action from within another, for the same user.</summary>
    /// <param name="caller">The run that asks; its token cancels this run too.</param>
    /// <param name="name">The action's name.</param>
    /// <param name="input">
    /// Serialises to a JSON object: its members are the params, named in camel case unless the action has an input of the member's own name.
    /// <see langword="null"/> for none.
    /// </param>
    /// <returns>The answer, read back as <typeparamref name="TOutput"/>.</returns>
    /// <exception cref="ActionException">The run failed; status, message and value are those of the answer.</exception>
    /// <exception cref="InvalidOperationException">The action answers with a file.</exception>
    /// <exception cref="OperationCanceledException">The caller was cancelled.</exception>
    ValueTask<TOutput> RunAsync<TOutput>(ActionContext caller, string name, object? input = null);
}
