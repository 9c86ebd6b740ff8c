using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http;

/// <summary>The headers of every answer.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Headers".</remarks>
internal sealed class DefaultHeaders
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly StringValues _origin;
    private readonly StringValues _methods;
    private readonly StringValues _allowed;
    private readonly StringValues _transport;

    private readonly bool _hasCors;

    public DefaultHeaders(IOptions<WebOptions> options, IOptions<PolywireOptions> polywire, IServiceProvider services)
    {
        _hasCors = services.GetService<ICorsService>() is not null;
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["X-Powered-By"] = AsHeader(polywire.Value.ServerName) };
        foreach (var (name, value) in options.Value.HttpHeaders)
        {
            headers[name] = value;
        }

        // The server has places of its own for these, which are quicker found than named.
        _origin = Take(headers, "Access-Control-Allow-Origin");
        _methods = Take(headers, "Access-Control-Allow-Methods");
        _allowed = Take(headers, "Access-Control-Allow-Headers");
        _transport = Take(headers, "Strict-Transport-Security");
        _headers = [.. headers.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => KeyValuePair.Create(pair.Key, new StringValues(pair.Value)))];
    }

    public void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        if (!_hasCors || response.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is null)
        {
            Share(headers);
        }

        if (_transport.Count > 0)
        {
            headers.StrictTransportSecurity = _transport;
        }

        foreach (var (name, value) in _headers)
        {
            headers[name] = value;
        }
    }

    // Not where an action has a CORS policy of its own, or none: the framework's middleware sets what that allows.
    private void Share(IHeaderDictionary headers)
    {
        if (_origin.Count > 0)
        {
            headers.AccessControlAllowOrigin = _origin;
        }

        if (_methods.Count > 0)
        {
            headers.AccessControlAllowMethods = _methods;
        }

        if (_allowed.Count > 0)
        {
            headers.AccessControlAllowHeaders = _allowed;
        }
    }

    private static StringValues Take(Dictionary<string, string?> headers, string name) =>
        headers.Remove(name, out var value) && !string.IsNullOrEmpty(value) ? value : StringValues.Empty;

    // A name in another script is told in the envelope; a header has ASCII only.
    private static string AsHeader(string name) => string.Concat(name.Where(character => character is >= ' ' and <= '~'));
}
