using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The framework's output cache, in front of us.</summary>
internal static class OutputCaching
{
    /// <summary>Whether the answer of a request may be kept for others, so that it may have nothing of the one who asks.</summary>
    public static bool Keeps(HttpContext http) =>
        http.Features.Get<IOutputCacheFeature>() is { Context: { EnableOutputCaching: true, AllowCacheStorage: true } };
}
