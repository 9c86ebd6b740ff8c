namespace Polywire;

/// <summary>The input of an action without inputs; see <see cref="IAction{TOutput}"/>.</summary>
public readonly record struct NoInput;
