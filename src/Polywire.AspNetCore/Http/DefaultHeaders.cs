using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http;

/// <summary>The headers of every answer.</summary>
/// <remarks>Source: docs/protocol/http.md, "Headers".</remarks>
internal sealed class DefaultHeaders
{
    private readonly KeyValuePair<string, StringValues>[] _headers;

    public DefaultHeaders(IOptions<WebOptions> options, IOptions<PolywireOptions> polywire)
    {
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["X-Powered-By"] = AsHeader(polywire.Value.ServerName) };
        foreach (var (name, value) in options.Value.HttpHeaders)
        {
            headers[name] = value;
        }

        _headers = [.. headers.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => KeyValuePair.Create(pair.Key, new StringValues(pair.Value)))];
    }

    public void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        foreach (var (name, value) in _headers)
        {
            headers[name] = value;
        }
    }

    // A name in another script is told in the envelope; a header has ASCII only.
    private static string AsHeader(string name) => string.Concat(name.Where(character => character is >= ' ' and <= '~'));
}
