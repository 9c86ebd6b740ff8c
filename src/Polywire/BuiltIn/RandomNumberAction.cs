namespace Polywire.BuiltIn;

/// <summary>Answers a random number between 0 and 1.</summary>
[Action("randomNumber")]
internal sealed class RandomNumberAction : IAction<RandomNumberAction.Output>
{
    public sealed record Output(double RandomNumber);

    public ValueTask<Output> RunAsync(ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(Random.Shared.NextDouble()));
}
