using Polywire.Tests.Fakes;

namespace Polywire.Tests.Inputs;

[Action("generated")]
internal sealed class NameAction : IAction<NameAction.Input, Done>
{
    internal sealed record Input(string Name);

    public ValueTask<Done> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Done($"[{input.Name}]"));
}
