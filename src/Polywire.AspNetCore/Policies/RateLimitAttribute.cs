namespace Polywire;

/// <summary>Limits how often an action may run, on every transport; what is too much is answered <see cref="ActionStatus.RateLimited"/>.</summary>
/// <param name="policy">The name that <c>AddRateLimit</c> was given; the start fails where there is none.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RateLimitAttribute(string policy) : Attribute
{
    /// <summary>The name of the policy.</summary>
    public string Policy { get; } = policy;
}
