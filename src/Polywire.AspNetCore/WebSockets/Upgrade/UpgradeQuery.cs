using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>The query of an upgrade, whose keys count in the case they have, unlike those of <see cref="HttpRequest.Query"/>.</summary>
internal static class UpgradeQuery
{
    /// <summary>Finds the first value of a key.</summary>
    /// <returns>Decoded; null where the key is not there.</returns>
    public static string? Find(HttpRequest request, string key) => Find(request.QueryString.Value, key);

    /// <inheritdoc cref="Find(HttpRequest, string)"/>
    public static string? Find(string? query, string key)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span.SequenceEqual(key))
            {
                return pair.DecodeValue().ToString();
            }
        }

        return null;
    }
}
