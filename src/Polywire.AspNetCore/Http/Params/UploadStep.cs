using Microsoft.Extensions.DependencyInjection;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Reads the files of a request once all that may refuse its action has been asked.</summary>
/// <remarks>The time that a client takes to send them is not the action's: the deadline waits.</remarks>
internal sealed class UploadStep(IServiceProvider services, UploadTakes takes) : IActionMiddleware
{
    // Asked for when it is needed: it needs the registry, which is being made along with this.
    private HttpParamsReader? _parameters;

    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) =>
        context.Http is HttpExchange { Received.Pending: not null } exchange ? ReadFirstAsync(context, exchange, next) : next(context);

    private async ValueTask ReadFirstAsync(ActionContext context, HttpExchange exchange, ActionDelegate next)
    {
        var received = exchange.Received;
        context.HoldDeadline();
        try
        {
            await (_parameters ??= services.GetRequiredService<HttpParamsReader>()).ReadRestAsync(exchange.Request, received, takes);
        }
        finally
        {
            context.ResumeDeadline();
        }

        if (received.Problem != HttpBodyProblem.None)
        {
            // The endpoint answers it, as any other body that cannot be read.
            context.Error = received.Problem == HttpBodyProblem.Gone
                ? new ActionError { Status = ActionStatus.Cancelled, Message = context.Texts.Cancelled }
                : new ActionError { Status = ActionStatus.GenericError, Message = context.Texts.BrokenForm };
            return;
        }

        context.Params.Replace(received.Set.Share());
        await next(context);
    }
}
