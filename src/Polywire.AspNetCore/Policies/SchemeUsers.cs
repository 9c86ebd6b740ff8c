using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Policies;

/// <summary>Asks the schemes that policies of actions name while there is a request to ask them by: the upgrade of a WebSocket.</summary>
internal sealed partial class SchemeUsers(ActionRegistry registry, MappedActions mapped, IServiceProvider services, ILogger<SchemeUsers> logger)
{
    private static readonly Dictionary<string, ClaimsPrincipal> None = [];
    private string[]? _schemes;

    /// <summary>Authenticates a request by every scheme that a policy of some action names.</summary>
    /// <returns>Who was found, by scheme.</returns>
    public async ValueTask<IReadOnlyDictionary<string, ClaimsPrincipal>> FindAsync(HttpContext http)
    {
        if (services.GetService<IAuthorizationPolicyProvider>() is not { } policies || http.RequestServices.GetService<IAuthenticationService>() is null)
        {
            return None;
        }

        Dictionary<string, ClaimsPrincipal>? found = null;
        foreach (var name in _schemes ?? await NamedAsync(policies))
        {
            var result = await http.AuthenticateAsync(name);
            if (result is { Succeeded: true, Principal: { } principal })
            {
                (found ??= new Dictionary<string, ClaimsPrincipal>(StringComparer.Ordinal))[name] = principal;
            }
            else if (result.Failure is { } failure)
            {
                Log.NotAuthenticated(logger, name, failure.Message);
            }
        }

        return found ?? None;
    }

    /// <summary>The user by some schemes together, as the framework merges them; null where none of them found anybody.</summary>
    public static ClaimsPrincipal? Merge(IReadOnlyDictionary<string, ClaimsPrincipal> found, IEnumerable<string> schemes)
    {
        ClaimsPrincipal[] users = [.. schemes.Select(found.GetValueOrDefault).OfType<ClaimsPrincipal>()];
        return users.Length switch
        {
            0 => null,
            1 => users[0],
            _ => new ClaimsPrincipal(users.SelectMany(static user => user.Identities)),
        };
    }

    private async ValueTask<string[]> NamedAsync(IAuthorizationPolicyProvider policies)
    {
        var schemes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in registry.All.Where(static action => action.Allows(Transports.WebSocket)))
        {
            if (await ActionPolicy.CombineAsync(policies, mapped.MetadataOf(action)) is { } policy)
            {
                schemes.UnionWith(policy.AuthenticationSchemes);
            }
        }

        string[] named = [.. schemes];
        if (policies.AllowsCachingPolicies)
        {
            _schemes = named;
        }

        return named;
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.SchemeFailed, LogLevel.Debug, "Scheme {Scheme} found nobody on the upgrade of a WebSocket: {Reason}")]
        public static partial void NotAuthenticated(ILogger logger, string scheme, string reason);
    }
}
