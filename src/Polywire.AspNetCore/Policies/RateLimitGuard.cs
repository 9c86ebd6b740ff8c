using System.Globalization;
using System.Threading.RateLimiting;

namespace Polywire.AspNetCore.Policies;

/// <summary>Lets an action run as often as its limit allows.</summary>
internal sealed class RateLimitGuard(RateLimitPolicy policy) : IActionMiddleware
{
    public async ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
    {
        using var lease = await policy.Limiter.AcquireAsync(context, 1, context.Aborted);
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        if (lease.TryGetMetadata(MetadataName.RetryAfter, out var pause))
        {
            context.Http?.SetHeader("Retry-After", Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }

        context.Error = new ActionError { Status = ActionStatus.RateLimited, Message = context.Texts.RateLimited };
    }
}
