namespace Polywire;

/// <summary>An input that knows the action it is for, so that a client tells the type of the answer from the input alone.</summary>
/// <remarks>Implemented by the generator, on <c>partial</c> types; clients take it as a parameter, and nobody else has to name it.</remarks>
/// <typeparam name="TOutput">What the action answers.</typeparam>
public interface IActionInput<TOutput>
{
    /// <summary>Name, version and JSON metadata of the action; the same object for every input of a type.</summary>
    ActionContract<TOutput> Contract { get; }
}
