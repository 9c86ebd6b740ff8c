namespace Polywire.Tests.Fakes;

internal sealed class LambdaMiddleware(Func<ActionContext, ActionDelegate, ValueTask> run) : IActionMiddleware
{
    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => run(context, next);
}
