namespace Polywire.Benchmarks;

/// <summary>The smallest action there is.</summary>
[Action("randomNumber")]
internal sealed class RandomNumber : IAction<RandomNumber.Input, RandomNumber.Output>
{
    public sealed record Input;

    public sealed record Output(double RandomNumber);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(Random.Shared.NextDouble()));
}

/// <summary>An action with inputs of several kinds.</summary>
[Action("transfer")]
internal sealed class Transfer : IAction<Transfer.Input, Transfer.Output>
{
    public sealed record Input(string From, string To, decimal Amount, string Currency = "EUR");

    public sealed record Output(decimal Balance);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(input.Amount));
}
