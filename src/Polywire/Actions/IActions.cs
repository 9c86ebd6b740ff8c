namespace Polywire;

/// <summary>The actions of this application: what there is, and running one in-process. Safe to use concurrently.</summary>
public interface IActions
{
    /// <summary>Every action, by name and then by version.</summary>
    IReadOnlyList<ActionDescriptor> All { get; }

    /// <summary>Runs an action through the whole pipeline, on a connection inside the process.</summary>
    /// <param name="name">The action's name.</param>
    /// <param name="input">Serialises to a JSON object: its members are the params. <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The answer, read back as <typeparamref name="TOutput"/>.</returns>
    /// <exception cref="ActionException">The run failed; status, message and value are those of the answer.</exception>
    ValueTask<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default);
}
