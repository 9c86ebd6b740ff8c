using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>Believes the header that is named as the scheme is, <c>X-User</c> for one, or the query's <c>token</c> for scheme <c>token</c>.</summary>
internal sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Default = "X-User";
    public const string Token = "token";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var name = Scheme.Name == Token ? Request.Query["token"].ToString() : Request.Headers[Scheme.Name].ToString();
        return Task.FromResult(
            name.Length == 0 ? AuthenticateResult.NoResult()
            : name == "forged" ? AuthenticateResult.Fail("the token is forged")
            : AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name)), Scheme.Name)));
    }
}
