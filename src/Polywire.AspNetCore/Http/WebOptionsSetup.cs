using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http;

/// <summary>Takes the allowed hosts from <c>ALLOWED_HOSTS</c> where the options name none.</summary>
internal sealed class WebOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<WebOptions>
{
    private const string AllowedHosts = "ALLOWED_HOSTS";

    public void PostConfigure(string? name, WebOptions options)
    {
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
