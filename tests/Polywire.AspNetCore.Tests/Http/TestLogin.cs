using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>A login by the framework's cookie, and one by a token in the query that a page sends itself.</summary>
internal static class TestLogin
{
    private const string Token = "token";

    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication("either")
            .AddPolicyScheme("either", null, options => options.ForwardDefaultSelector =
                http => http.Request.Query.ContainsKey("access_token") ? Token : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.Events.OnRedirectToLogin = context =>
            {
                context.Response.StatusCode = 401;
                return Task.CompletedTask;
            })
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(Token, null);
    }

    /// <summary>The cookie that a visitor's browser holds.</summary>
    public static string CookieOf(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "cookie"));
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(new AuthenticationTicket(user, CookieAuthenticationDefaults.AuthenticationScheme))}";
    }

    private sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, Request.Query["access_token"].ToString())], Token)), Token)));
    }
}
