using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Params;

namespace Polywire.AspNetCore.Http;

/// <summary>The web's side of a run, over the framework's request and response.</summary>
/// <remarks>
/// A run may outlive its request, and the framework uses the request's objects again for another: after <see cref="End"/> nothing here
/// touches them.
/// </remarks>
internal sealed class HttpExchange(WebRequest request, HttpParams received) : IActionHttp
{
    // Header names are tokens (RFC 9110, 5.6.2); a value has no control characters but the tab.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly Dictionary<string, UploadedFile> NoFiles = [];

    private readonly Lock _gate = new();
    private HttpContext? _http = request.Http;
    private IReadOnlyDictionary<string, object?>? _query;
    private int? _status;

    /// <summary>The request.</summary>
    internal WebRequest Request => request;

    /// <summary>What came with it.</summary>
    internal HttpParams Received => received;

    public MatchedRoute? MatchedRoute => request.Route?.Route;

    public string? Extension => request.Target.Extension;

    public IReadOnlyDictionary<string, string> Cookies => request.Connection.Cookies;

    /// <exception cref="InvalidOperationException">The request has been answered.</exception>
    public HttpContext HttpContext => Open();

    public string Method { get; } = request.Http.Request.Method;

    public IReadOnlyDictionary<string, object?> Query => _query ??= FormReader
        .Parse(Encoding.UTF8.GetBytes(request.Target.Query))
        .ToDictionary(static pair => pair.Key, static pair => pair.Value is [var only] ? (object?)only : pair.Value.ToArray(), StringComparer.Ordinal);

    public JsonElement Body
    {
        get
        {
            lock (_gate)
            {
                Open();
                return received.ReadBody();
            }
        }
    }

    public IReadOnlyDictionary<string, UploadedFile> Files => received.Uploads is { } uploads ? uploads.ByName : NoFiles;

    public ReadOnlyMemory<byte>? RawBody => received.RawBody;

    public int? StatusCode
    {
        get => _status;
        set
        {
            if (value is < StatusCodes.Status200OK or > 599)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The status of an answer is 200 to 599.");
            }

            _status = value;
        }
    }

    /// <summary>The endpoint that the middleware was shown.</summary>
    internal Endpoint? Shown => request.Shown ?? Open().GetEndpoint();

    /// <summary>What the action writes itself; null for nothing.</summary>
    internal Task? Pipe { get; private set; }

    public string? GetHeader(string name)
    {
        lock (_gate)
        {
            return Open().Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
        }
    }

    public string? GetCookie(string name) => request.Connection.Cookies.Find(name);

    public void SetHeader(string name, string value)
    {
        CheckHeader(name, value);
        lock (_gate)
        {
            var headers = Open().Response.Headers;
            if (name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                AddCookie(headers, value);
                return;
            }

            // Taken out first, so that the name goes out in the case in which it was set last.
            headers.Remove(name);
            headers[name] = value;
        }
    }

    public void SetCookie(string name, string value, string? attributes = null)
    {
        var cookie = attributes is null ? $"{name}={value}" : $"{name}={value}; {attributes}";
        Check(name, cookie);
        if (value.Contains(';', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The value of cookie '{name}' has a semicolon: attributes are an argument of their own.", nameof(value));
        }

        lock (_gate)
        {
            AddCookie(Open().Response.Headers, cookie);
        }
    }

    public Task PipeAsync(Stream content, IReadOnlyDictionary<string, string>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            Check(name, value);
        }

        lock (_gate)
        {
            var http = Open();
            if (Pipe is not null || http.Response.HasStarted)
            {
                throw new InvalidOperationException("The answer has begun: there is one to a request.");
            }

            // Whoever pipes says everything: neither the default headers nor the session's cookie go with it.
            http.Response.Headers.Clear();
            http.Response.StatusCode = _status ?? StatusCodes.Status200OK;
            foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            {
                http.Response.Headers[name] = value;
            }

            return Pipe = AnswerBody.PipeAsync(http, content);
        }
    }

    /// <summary>Cuts the run off from the request, which has ended or is answered otherwise.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _http = null;
        }
    }

    // Cookies stand beside each other, but the session's own gives way to one of its name.
    private void AddCookie(IHeaderDictionary headers, string cookie)
    {
        if (request.SessionCookie is { } session && cookie.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
            && session.StartsWith(cookie[..(equals + 1)], StringComparison.Ordinal))
        {
            headers.SetCookie = headers.SetCookie.Where(set => set != session).ToArray();
        }

        headers.Append("Set-Cookie", cookie);
    }

    private static void CheckHeader(string name, string value)
    {
        Check(name, value);
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"'{name}' follows from the answer and cannot be set.", nameof(name));
        }
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

        if (!Ascii.IsValid(value))
        {
            throw new ArgumentException($"The value of '{name}' has characters beyond ASCII, which a header cannot have: encode them.", nameof(value));
        }
    }

    private HttpContext Open() => _http ?? throw new InvalidOperationException("The request has been answered: its headers can no longer be read or set.");
}
