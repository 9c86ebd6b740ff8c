using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.Actions;

namespace Polywire.AspNetCore.LiveView;

/// <summary>The action by which a page's connection shows its token and is told from then on.</summary>
internal static class LiveWatchAction
{
    public const string Name = "polywire:watch";

    public static ActionDescriptor Create()
    {
        var action = DelegateActions.CreateDynamic(Name, inputs => inputs.Required("token", secret: true), RunAsync);
        action.Description = "Shows the live view's page what goes on";
        action.Documented = false;
        action.AllowedTransports = Transports.WebSocket;
        return action;
    }

    private static Task RunAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var services = context.Services;
        if (context.Params["token"] is not string token || !services.GetRequiredService<LiveTokens>().IsGood(token))
        {
            throw new ActionException("the token is not good") { Status = ActionStatus.Forbidden };
        }

        services.GetRequiredService<LiveWatchers>().Add(context.Connection);
        context.Response["interval"] = (long)services.GetRequiredService<IOptions<LiveViewOptions>>().Value.Interval.TotalMilliseconds;
        return Task.CompletedTask;
    }
}
