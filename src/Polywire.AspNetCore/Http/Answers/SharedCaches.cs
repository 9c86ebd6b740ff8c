using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.HeaderValues;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>What caches that serve many people may keep of an answer.</summary>
/// <remarks>Source: docs/protocol/http.md, "Caches"; RFC 9111, 5.2.2 and 7.3.</remarks>
internal static class SharedCaches
{
    /// <summary>Keeps an answer that is one visitor's out of them, whatever its <c>Cache-Control</c> says; the visitor's own cache may have it.</summary>
    public static void KeepOut(HttpResponse response)
    {
        var headers = response.Headers;

        // Caches in front of servers that obey one of these pass over what the other header says (RFC 9213, 2.2).
        headers.Remove("CDN-Cache-Control");
        headers.Remove("Surrogate-Control");
        if (headers.CacheControl.Count > 0)
        {
            headers.CacheControl = MakePrivate(headers.CacheControl.ToString());
        }
        else if (headers.Expires.Count > 0 || headers.LastModified.Count > 0)
        {
            // Without a word such an answer may be kept by anybody (RFC 9111, 4.2.2).
            headers.CacheControl = "private";
        }
    }

    /// <summary>The directives without those that let shared caches keep an answer, and with <c>private</c>.</summary>
    internal static string MakePrivate(string cacheControl)
    {
        var kept = new List<string>();
        var isPrivate = false;
        foreach (var element in new HeaderList(cacheControl))
        {
            var directive = element.ToString();
            var name = HeaderList.NameOf(element);
            if (name.Equals("public", StringComparison.OrdinalIgnoreCase))
            {
                directive = "private";
            }
            else if (name.Equals("s-maxage", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // With a value it speaks of single fields of the header.
            var says = directive.Equals("private", StringComparison.OrdinalIgnoreCase);
            if (!says || !isPrivate)
            {
                kept.Add(directive);
            }

            isPrivate |= says || directive.Equals("no-store", StringComparison.OrdinalIgnoreCase);
        }

        return string.Join(", ", isPrivate ? kept : [.. kept, "private"]);
    }
}
