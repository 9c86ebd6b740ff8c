using Microsoft.AspNetCore.Http.Metadata;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Says that callers of an endpoint are told 401 and 403, and are not sent to a page where people log in.</summary>
internal sealed class NoLoginPage : IDisableCookieRedirectMetadata
{
    public static readonly NoLoginPage Instance = new();
}
