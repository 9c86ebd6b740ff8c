using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.Http.Fingerprint;

/// <summary>By what a client is known again: the session cookie, a header, or a new fingerprint.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Fingerprint".</remarks>
internal sealed class FingerprintReader
{
    private const int MaxLength = 256;

    private static readonly SearchValues<char> VisibleAscii = SearchValues.Create(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).ToArray());
    private readonly WebFingerprintOptions _options;
    private readonly TimeProvider _time;
    private readonly string _start;
    private readonly string _before;
    private readonly string _after;
    private readonly TimeSpan? _expires;
    private readonly bool _hasSecure;
    private ExpiryText? _expiry;

    public FingerprintReader(IOptions<WebOptions> options, TimeProvider time)
    {
        _options = options.Value.FingerprintOptions;
        _time = time;
        _start = $"{_options.CookieKey}=";
        (_before, _after) = ("", "");
        foreach (var (name, value) in _options.Settings)
        {
            if (name.Equals("expires", StringComparison.OrdinalIgnoreCase) && value is { Length: > 0 })
            {
                _expires = TimeSpan.FromMilliseconds(long.Parse(value, CultureInfo.InvariantCulture));
                _before = $"{_after}{name}=";
                _after = ";";
            }
            else if (value is not null)
            {
                _hasSecure |= name.Equals("secure", StringComparison.OrdinalIgnoreCase);
                _after += value.Length == 0 ? $"{name};" : $"{name}={value};";
            }
        }
    }

    /// <summary>Reads the fingerprint of a request, or makes one.</summary>
    /// <param name="http">The request; gets the cookie of a new fingerprint.</param>
    /// <param name="cookies">The request's cookies.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="cookie">The cookie of a new fingerprint, which was added to the answer; null for none.</param>
    public string Read(HttpContext http, RequestCookies cookies, in ClientAddress address, out string? cookie)
    {
        cookie = null;

        // Up to a second equals sign: what the original took for the value.
        if (cookies.Find(_options.CookieKey) is { } sent
            && (sent.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? sent[..equals].TrimEnd() : sent) is var known
            && IsGood(known))
        {
            return known;
        }

        if (http.Request.Headers["X-SessionID"] is [{ } header] && IsGood(header))
        {
            return header;
        }

        var fingerprint = _options.OnlyStaticElements ? Derive(http, address) : RandomId.Hex(20);
        if (_options.ToSetCookie)
        {
            // Middleware may have set cookies of its own.
            cookie = CookieOf(fingerprint, http.Request.IsHttps);
            http.Response.Headers.SetCookie = StringValues.Concat(http.Response.Headers.SetCookie, cookie);
        }

        return fingerprint;
    }

    private static bool IsGood(string text) => text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(VisibleAscii);

    // What one client sends alike with each request. Shared by clients that are alike: the setting says so.
    private static string Derive(HttpContext http, in ClientAddress address)
    {
        var headers = http.Request.Headers;
        var text = string.Join('\n', address.IP, headers.UserAgent, headers.AcceptLanguage, headers.Host);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 20));
    }

    private string CookieOf(string fingerprint, bool isHttps)
    {
        var secure = isHttps && !_hasSecure ? "Secure;" : string.Empty;
        return _expires is { } life
            ? string.Concat(_start, fingerprint, ExpiryOf(life), secure)
            : string.Concat(_start, fingerprint, $";{_after}", secure);
    }

    // All that follows the fingerprint. The date has seconds, so it is written once a second and not once a request.
    private string ExpiryOf(TimeSpan life)
    {
        var second = _time.GetUtcNow().ToUnixTimeSeconds();
        if (_expiry is { } known && known.Second == second)
        {
            return known.Text;
        }

        var made = new ExpiryText(second, $";{_before}{(DateTimeOffset.FromUnixTimeSeconds(second) + life).ToString("R", CultureInfo.InvariantCulture)}{_after}");
        _expiry = made;
        return made.Text;
    }

    private sealed record ExpiryText(long Second, string Text);
}
