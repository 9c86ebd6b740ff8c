namespace Polywire.Tests.Hosting;

internal interface IGuard : IActionMiddleware;

/// <summary>Names its middleware by an interface, which only the application's services can fill.</summary>
[Action("guarded"), Use<IGuard>]
internal sealed class GuardedAction : IAction<GuardedAction.Input, string>
{
    internal sealed record Input;

    public ValueTask<string> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new("run");
}
