using Microsoft.AspNetCore.Authorization;

namespace Polywire.AspNetCore.Policies;

/// <summary>The policy that a list of metadata asks for, as the framework's middleware puts it together.</summary>
internal static class ActionPolicy
{
    /// <summary>Whether anything is asked for, a fallback policy aside.</summary>
    public static bool IsAskedBy(IReadOnlyList<object> metadata) =>
        metadata.Any(static item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData)
        && !metadata.Any(static item => item is IAllowAnonymous);

    /// <summary>Puts the policy together.</summary>
    /// <returns>Null where anybody may.</returns>
    public static async ValueTask<AuthorizationPolicy?> CombineAsync(IAuthorizationPolicyProvider provider, IReadOnlyList<object> metadata)
    {
        if (metadata.Any(static item => item is IAllowAnonymous))
        {
            return null;
        }

        // The fallback policy where nothing else is said.
        var policy = await AuthorizationPolicy.CombineAsync(provider, metadata.OfType<IAuthorizeData>(), metadata.OfType<AuthorizationPolicy>());
        var requirements = metadata.OfType<IAuthorizationRequirementData>().SelectMany(static data => data.GetRequirements()).ToArray();
        if (requirements.Length == 0)
        {
            return policy;
        }

        var more = new AuthorizationPolicyBuilder().AddRequirements(requirements).Build();
        return policy is null ? more : AuthorizationPolicy.Combine(policy, more);
    }
}
