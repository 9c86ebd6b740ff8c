using Polywire.Actions;

namespace Polywire.AspNetCore.Policies;

/// <summary>Puts the limit that an action asks for before it.</summary>
internal sealed class RateLimitConvention(IEnumerable<RateLimitPolicy> policies) : IActionConvention
{
    private readonly RateLimitPolicy[] _policies = [.. policies];

    public void Apply(ActionDescriptor action)
    {
        foreach (var asked in action.Metadata.OfType<RateLimitAttribute>())
        {
            var policy = Array.FindLast(_policies, policy => policy.Name == asked.Policy)
                ?? throw new InvalidOperationException(
                    $"Action {action} asks for the rate limit '{asked.Policy}', which does not exist: call AddPolywire().AddRateLimit(\"{asked.Policy}\", …).");
            var guard = new RateLimitGuard(policy);
            action.Guards = [guard, .. action.Guards];
        }
    }
}
