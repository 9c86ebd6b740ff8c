using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace Polywire.ConformanceApp;

/// <summary>Actions with rules of ASP.NET Core, which are in force where <c>GUARD</c> is 1.</summary>
internal static class GuardedActions
{
    private const string Few = "few";

    public static void AddServices(IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddAuthorization();
        services.AddHttpContextAccessor();
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(Few, static http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress?.ToString() ?? string.Empty,
                static _ => new FixedWindowRateLimiterOptions { PermitLimit = 2, Window = TimeSpan.FromMinutes(5) }));
        });
    }

    public static void Map(IEndpointRouteBuilder app, bool isOn)
    {
        app.MapDynamicAction("login", static inputs => inputs.Optional("name"), (context, _) => LoginAsync(context, isOn))
            .WithMetadata(new AllowAnonymousAttribute());
        app.MapDynamicAction("me", static _ => { }, static (context, _) =>
        {
            context.Response["name"] = context.User.Identity?.Name;
            context.Response["secret"] = "of me";
            return Task.CompletedTask;
        });
        var limited = app.MapDynamicAction("limited", static _ => { }, static (context, _) =>
        {
            context.Response["limited"] = true;
            return Task.CompletedTask;
        });
        limited.WithMetadata(new AllowAnonymousAttribute());
        if (isOn)
        {
            limited.WithMetadata(new EnableRateLimitingAttribute(Few));
        }
    }

    private static async Task LoginAsync(ActionContext context, bool isOn)
    {
        var name = context.Params.GetText("name");
        if (isOn && context.Services.GetRequiredService<IHttpContextAccessor>().HttpContext is { } http)
        {
            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name ?? "somebody")], CookieAuthenticationDefaults.AuthenticationScheme);
            await http.SignInAsync(new ClaimsPrincipal(identity));
        }

        context.Response["name"] = name;
    }
}
