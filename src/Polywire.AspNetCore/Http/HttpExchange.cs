using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http;

/// <summary>The web's side of a run, over the framework's request and response.</summary>
internal sealed class HttpExchange(WebRequest request) : IActionHttp
{
    private readonly HttpContext _http = request.Http;

    // Header names are tokens (RFC 9110, 5.6.2); a value has no control characters but the tab.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public MatchedRoute? MatchedRoute => request.Route?.Route;

    public string? Extension => request.Target.Extension;

    public IReadOnlyDictionary<string, string> Cookies => request.Connection.Cookies;

    public HttpContext HttpContext => _http;

    public string Method => _http.Request.Method;

    public int? StatusCode { get; set; }

    public string? GetHeader(string name) => _http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    public string? GetCookie(string name) => request.Connection.Cookies.Find(name);

    public void SetHeader(string name, string value)
    {
        Check(name, value);
        _http.Response.Headers[name] = value;
    }

    public void SetCookie(string name, string value, string? attributes = null)
    {
        var cookie = attributes is null ? $"{name}={value}" : $"{name}={value}; {attributes}";
        Check(name, cookie);
        _http.Response.Headers.Append("Set-Cookie", cookie);
    }

    private static void Check(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            throw new ArgumentException($"'{name}' has characters that a header or cookie name cannot have.", nameof(name));
        }

        if (value.AsSpan().ContainsAnyInRange('\0', '\u0008') || value.AsSpan().ContainsAnyInRange('\u000a', '\u001f') || value.Contains('\u007f', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The value of '{name}' has control characters, which a header cannot have.", nameof(value));
        }
    }
}
