using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RequestDecompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Codings of request bodies (RFC 9110, 8.4): the framework's middleware decodes them where the application uses it; nobody else does.</summary>
/// <remarks>Source: docs/protocol/http.md, "Bodies". The middleware takes the header away when it has decoded. Safe to use concurrently.</remarks>
internal sealed class RequestCodings(IServiceProvider services)
{
    private const string None = "identity";

    /// <summary>What an answer with 415 tells: the codings that would have been read.</summary>
    public string Accepted { get; } = services.GetService<IRequestDecompressionProvider>() is null
        ? None
        : string.Join(", ", services.GetRequiredService<IOptions<RequestDecompressionOptions>>().Value.DecompressionProviders.Keys.Order(StringComparer.Ordinal));

    /// <summary>Whether the bytes of a body are not those that its type speaks of.</summary>
    public static bool IsCoded(HttpRequest request)
    {
        foreach (var line in request.Headers[HeaderNames.ContentEncoding])
        {
            foreach (var coding in (line ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!coding.Equals(None, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
