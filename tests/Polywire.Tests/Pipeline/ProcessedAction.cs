namespace Polywire.Tests.Pipeline;

/// <summary>With pre- and post-processors of its own.</summary>
[Action("processed")]
[PreProcess<ActionProcessorsTests.Own>, PreProcess<ActionProcessorsTests.Last>]
[PostProcess<ActionProcessorsTests.Own>, PostProcess<ActionProcessorsTests.Last>]
internal sealed class ProcessedAction(List<string> steps) : IAction<ProcessedAction.Input, string>
{
    internal sealed record Input;

    public ValueTask<string> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        steps.Add("run");
        return new("done");
    }
}
