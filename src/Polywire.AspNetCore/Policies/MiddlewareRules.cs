using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;

namespace Polywire.AspNetCore.Policies;

/// <summary>What the framework's middleware does for an endpoint before it runs, and what nobody can do later.</summary>
internal static class MiddlewareRules
{
    /// <summary>Whether an endpoint asks for anything of the kind.</summary>
    public static bool Any(Endpoint endpoint) => endpoint.Metadata.Any(IsRule);

    /// <summary>Whether a request that was treated as one endpoint's may run another.</summary>
    public static bool AreAlike(Endpoint shown, Endpoint real)
    {
        if (shown.RequestDelegate != real.RequestDelegate)
        {
            // A convention has put something around one of them.
            return false;
        }

        var (these, those) = (shown.Metadata.Where(IsRule).ToArray(), real.Metadata.Where(IsRule).ToArray());
        return these.Length == those.Length && these.Zip(those).All(static pair => AreAlike(pair.First, pair.Second));
    }

    private static bool IsRule(object item) =>
        item is EnableRateLimitingAttribute or DisableRateLimitingAttribute
            or ICorsMetadata
            or OutputCacheAttribute or IOutputCachePolicy
            or RequestTimeoutAttribute or RequestTimeoutPolicy or DisableRequestTimeoutAttribute
            or IRequestSizeLimitMetadata
            or HttpLoggingAttribute;

    private static bool AreAlike(object one, object other) =>
        ReferenceEquals(one, other)
        || (one, other) switch
        {
            (EnableRateLimitingAttribute { PolicyName: { } name }, EnableRateLimitingAttribute second) => name == second.PolicyName,
            (DisableRateLimitingAttribute, DisableRateLimitingAttribute) => true,
            (DisableRequestTimeoutAttribute, DisableRequestTimeoutAttribute) => true,
            (IDisableCorsAttribute, IDisableCorsAttribute) => true,
            _ => false,
        };
}
