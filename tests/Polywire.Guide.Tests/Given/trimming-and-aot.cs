using System.Threading;
using System.Threading.Tasks;
using Polywire;

[Action("greet")]
public sealed class Greet : IAction<Greet.Input, Greet.Output>
{
    public sealed record Input(string Name);

    public sealed record Output(string Text);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output(input.Name));
}

public sealed record AddInput(double A, double B);

public sealed record Pushed(string Text);
