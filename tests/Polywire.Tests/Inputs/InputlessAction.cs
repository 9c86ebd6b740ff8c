namespace Polywire.Tests.Inputs;

/// <summary>Counts what it was sent, and takes nothing of it.</summary>
[Action("inputless")]
internal sealed class InputlessAction : IAction<InputlessAction.Output>
{
    public sealed record Output(int Params);

    public async ValueTask<Output> RunAsync(ActionContext context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new Output(context.Params.Count(pair => pair.Key == "stranger"));
    }
}
