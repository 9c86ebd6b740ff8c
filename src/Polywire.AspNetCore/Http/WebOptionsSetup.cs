using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http;

/// <summary>Takes what has another name too: the allowed hosts from <c>ALLOWED_HOSTS</c>, and the older spelling of the requester.</summary>
internal sealed class WebOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<WebOptions>
{
    private const string AllowedHosts = "ALLOWED_HOSTS";
    private const string Requestor = "Polywire:Web:MetadataOptions:RequestorInformation";

    /// <summary>Names in <c>MetadataOptions</c> that are taken too.</summary>
    public static string[] FormerNames { get; } = ["RequestorInformation"];

    public void PostConfigure(string? name, WebOptions options)
    {
        // As in ActionHero 29, where no param chooses an action.
        options.QueryRouting &= options.AutomaticRoutes is null;
        if (bool.TryParse(configuration[Requestor], out var tells))
        {
            options.MetadataOptions.RequesterInformation ??= tells;
        }

        if (options.AllowedRequestHosts.Count > 0 || configuration[AllowedHosts] is not { Length: > 0 } hosts)
        {
            return;
        }

        foreach (var host in hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            options.AllowedRequestHosts.Add(host);
        }
    }
}
