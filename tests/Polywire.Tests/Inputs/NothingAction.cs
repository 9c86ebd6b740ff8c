namespace Polywire.Tests.Inputs;

/// <summary>What the actions here do once their input is bound: nothing.</summary>
internal abstract class NothingAction<TInput> : IAction<TInput, NothingAction<TInput>.None>
{
    public sealed record None;

    public ValueTask<None> RunAsync(TInput input, ActionContext context, CancellationToken cancellationToken) => new(new None());
}
