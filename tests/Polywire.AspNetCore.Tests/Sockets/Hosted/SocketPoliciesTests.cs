using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Policies of ASP.NET Core on a connection that has no requests.</summary>
public sealed class SocketPoliciesTests
{
    [Fact]
    public async Task LetsThoseRunAnActionWhomItsPolicyAllows()
    {
        await using var host = await SocketHost.StartAsync(more: static (_, builder, polywire) =>
        {
            builder.Services.AddAuthorization(options => options.AddPolicy("staff", policy => policy.RequireUserName("bob")));
            polywire.MapDynamicAction("signIn", inputs => inputs.Required("name"), (context, _) =>
            {
                context.Connection.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, (string)context.Params["name"]!)], "test"));
                return Done(context);
            });
            polywire.MapDynamicAction("staffOnly", _ => { }, (context, _) => Done(context)).WithMetadata(new AuthorizeAttribute("staff"));
        });
        await using var ann = await host.ConnectAsync();
        await using var bob = await host.ConnectAsync();

        await ann.ExpectAsync("staffOnly", Wire.Error(1, "unauthorized"));
        await ann.ExpectAsync("""{"action":"signIn","params":{"name":"ann"}}""", Wire.Answer(2, "\"done\":true"));
        await ann.ExpectAsync("staffOnly", Wire.Error(3, "forbidden"));
        await bob.ExpectAsync("""{"action":"signIn","params":{"name":"bob"}}""", Wire.Answer(1, "\"done\":true"));
        await bob.ExpectAsync("staffOnly", Wire.Answer(2, "\"done\":true"));
    }

    [Fact]
    public async Task CountsTheRunsOfAConnection_WhereAnActionHasARateLimit()
    {
        await using var host = await SocketHost.StartAsync(more: static (_, _, polywire) =>
        {
            polywire.AddRateLimit("few", context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.Id, _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) }));
            polywire.MapDynamicAction("limited", _ => { }, (context, _) => Done(context)).WithMetadata(new RateLimitAttribute("few"));
        });
        await using var one = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();

        await one.ExpectAsync("limited", Wire.Answer(1, "\"done\":true"));
        await one.ExpectAsync("limited", Wire.Error(2, "rate limit exceeded"));
        await other.ExpectAsync("limited", Wire.Answer(1, "\"done\":true"));
    }

    private static Task Done(ActionContext context)
    {
        context.Response["done"] = true;
        return Task.CompletedTask;
    }
}
