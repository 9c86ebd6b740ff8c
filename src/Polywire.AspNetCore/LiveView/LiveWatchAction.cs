using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.LiveView;

/// <summary>The action by which a page's connection shows its token and joins the room.</summary>
internal static class LiveWatchAction
{
    public const string Name = "polywire:watch";

    public static ActionDescriptor Create()
    {
        var action = DelegateActions.CreateDynamic(Name, inputs => inputs.Required("token", secret: true), RunAsync);
        action.Description = "Shows the live view's page what goes on";
        action.Documented = false;
        action.BlockedTransports = Transports.All & ~Transports.WebSocket;
        return action;
    }

    private static async Task RunAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var services = context.Services;
        if (context.Params["token"] is not string token || !services.GetRequiredService<LiveTokens>().IsGood(token))
        {
            throw new ActionException("the token is not good") { Status = ActionStatus.Forbidden };
        }

        var connection = context.Connection;
        if (!connection.IsIn(LiveRoomGuard.Room))
        {
            var guard = services.GetRequiredService<LiveRoomGuard>();
            guard.Admit(connection);
            try
            {
                await services.GetRequiredService<IRooms>().AddAsync(connection, LiveRoomGuard.Room, cancellationToken);
            }
            catch
            {
                guard.Forget(connection);
                throw;
            }
        }

        context.Response["room"] = LiveRoomGuard.Room;
        context.Response["interval"] = (long)services.GetRequiredService<IOptions<LiveViewOptions>>().Value.Interval.TotalMilliseconds;
    }
}
