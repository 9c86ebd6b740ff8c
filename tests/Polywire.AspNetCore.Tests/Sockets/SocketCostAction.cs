namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>Found by the generator, so that a request of it runs through what users have.</summary>
[Action("socketCost"), BlockTransport(Transports.Web)]
public sealed class SocketCostAction : IAction<SocketCostAction.Input, SocketCostAction.Output>
{
    private int _runs;

    public sealed record Input(int A, int B);

    public sealed record Output(int Sum);

    public Output Run(Input input)
    {
        _runs++;
        return new Output(input.A + input.B);
    }

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(Run(input));
}
